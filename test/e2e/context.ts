/** What the tests must know about the running machine, handed to jest through a file. */
import { readFileSync, writeFileSync } from 'node:fs'
import { paths } from './settings.ts'

export interface Context {
  readonly kubeconfig: string
  readonly rootToken: string
  readonly auditLog: string
  /** Part of every secret value that the tests write, new in every run. */
  readonly canary: string
}

export function writeContext(context: Context): void {
  writeFileSync(paths.context, JSON.stringify(context, null, 2), { mode: 0o600 })
}

export function readContext(): Context {
  return JSON.parse(readFileSync(paths.context, 'utf8'))
}
