/** A store, a scripted service of a cloud and a projected token, made anew for each test of a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'
import type { AuthMethod } from '../../agent/auth/auth-method.ts'
import { methodOf } from './auth-fixtures.ts'
import {
  loginAnswer,
  type Script,
  type ScriptedVault,
  startScriptedVault,
} from './scripted-vault.ts'

export interface CloudScene {
  readonly file: (name: string, text: string) => string
  /** The path of a file with `projected-token`. */
  readonly projected: () => string
  /** The service answers 500 until this is called. */
  readonly answer: (script: Script) => void
  readonly cloud: () => ScriptedVault
  readonly storeAddress: () => string
  readonly method: (
    type: string,
    config: object,
    environment: Readonly<Record<string, string>>,
  ) => AuthMethod
  /** The body of the last login. */
  readonly sent: () => Readonly<Record<string, string>>
  /** The form that the service was sent with its request number `index`. */
  readonly form: (index: number) => Readonly<Record<string, string>>
}

/** To be called once, outside of the tests. */
export function useCloudScene(): CloudScene {
  let folder = ''
  let vault: ScriptedVault | undefined
  let service: ScriptedVault | undefined
  let script: Script
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'claviger-cloud-'))
    writeFileSync(join(folder, 'projected'), 'projected-token\n')
    script = () => ({ status: 500 })
    vault = await startScriptedVault(() => loginAnswer)
    service = await startScriptedVault((request, count) => script(request, count))
  })
  afterEach(async () => {
    await vault?.close()
    await service?.close()
    rmSync(folder, { recursive: true })
  })
  const started = (server: ScriptedVault | undefined) => {
    if (server === undefined) throw new Error('not started')
    return server
  }
  return {
    file: (name, text) => {
      writeFileSync(join(folder, name), text)
      return join(folder, name)
    },
    projected: () => join(folder, 'projected'),
    answer: (next) => {
      script = next
    },
    cloud: () => started(service),
    storeAddress: () => started(vault).address,
    method: (type, config, environment) =>
      methodOf({ type, config }, { address: started(vault).address, environment }),
    sent: () => JSON.parse(started(vault).requests.at(-1)?.body ?? '{}'),
    form: (index) =>
      Object.fromEntries(new URLSearchParams(started(service).requests[index]?.body ?? '')),
  }
}

/** Answers by the beginning of the path, 404 for any other. */
export function routes(answers: Readonly<Record<string, unknown>>): Script {
  return ({ path }) => {
    const route = Object.keys(answers).find((each) => path.startsWith(each))
    return route === undefined ? { status: 404 } : { status: 200, body: answers[route] }
  }
}

export function queryOf(path: string | undefined): Readonly<Record<string, string>> {
  return Object.fromEntries(new URL(path ?? '', 'http://service').searchParams)
}
