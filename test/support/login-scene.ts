/** A folder with credentials and a scripted store, made anew for each test of a file. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach } from '@jest/globals'
import type { AuthMethod } from '../../agent/auth/auth-method.ts'
import type { Secret } from '../../core/secret.ts'
import { methodOf } from './auth-fixtures.ts'
import {
  loginAnswer,
  type Script,
  type ScriptedVault,
  type SeenRequest,
  startScriptedVault,
} from './scripted-vault.ts'

export interface LoginScene {
  /** In the folder. */
  readonly path: (name: string) => string
  readonly write: (name: string, text: string) => void
  /** Every login succeeds until this is called. */
  readonly answer: (script: Script) => void
  readonly requests: () => readonly SeenRequest[]
  /** Of all requests, parsed. */
  readonly bodies: () => readonly unknown[]
  /** `rest` are keys beside `config`; `lines` takes the log. */
  readonly method: (type: string, config: object, rest?: object, lines?: string[]) => AuthMethod
}

/** To be called once, outside of the tests. */
export function useLoginScene(): LoginScene {
  let folder = ''
  let vault: ScriptedVault | undefined
  let script: Script = () => loginAnswer
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'claviger-auth-'))
    script = () => loginAnswer
    vault = await startScriptedVault((request, count) => script(request, count))
  })
  afterEach(async () => {
    await vault?.close()
    rmSync(folder, { recursive: true })
  })
  const path = (name: string) => join(folder, name)
  const requests = () => vault?.requests ?? []
  return {
    path,
    write: (name, text) => writeFileSync(path(name), text),
    answer: (next) => {
      script = next
    },
    requests,
    bodies: () => requests().map(({ body }) => (body === '' ? undefined : JSON.parse(body))),
    method: (type, config, rest = {}, lines = []) =>
      methodOf({ type, config, ...rest }, { address: vault?.address ?? '', lines }),
  }
}

export const nothing: ReadonlyMap<string, Secret> = new Map()

export function revealAll(credentials: ReadonlyMap<string, Secret>): Record<string, string> {
  return Object.fromEntries([...credentials].map(([name, secret]) => [name, secret.reveal()]))
}
