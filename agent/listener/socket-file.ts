/** The file of a unix socket: its place made free, its owner and mode set. */
import { chmodSync, chownSync, lstatSync, readFileSync, rmSync } from 'node:fs'
import { AppError, toAppError } from '../../core/errors.ts'
import type { ListenerConfig } from '../config/listener-config.ts'

export type SocketAddress = Extract<ListenerConfig['address'], { readonly kind: 'unix' }>

/** Removes what an earlier process left there; what is no socket stays, and is in the way. */
export function freeSocket(path: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isSocket() === true) rmSync(path)
}

/** Errors: `listen_failed`. Vault Agent obeys the mode only beside a user or group; here it always counts. */
export function ownSocket({ path, mode, user, group }: SocketAddress): void {
  const uid = user === undefined ? -1 : findId(user, '/etc/passwd')
  const gid = group === undefined ? -1 : findId(group, '/etc/group')
  try {
    if (uid >= 0 || gid >= 0) chownSync(path, uid, gid)
    if (mode !== undefined) chmodSync(path, mode)
  } catch (thrown) {
    throw toAppError(thrown, 'listen_failed', { path })
  }
}

function findId(name: string, database: string): number {
  if (/^\d+$/.test(name)) return Number(name)
  const fields = readLines(database).map((line) => line.split(':'))
  const id = fields.find(([entry]) => entry === name)?.[2]
  if (id === undefined) throw new AppError('listen_failed', { name, reason: `not in ${database}` })
  return Number(id)
}

function readLines(path: string): readonly string[] {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch {
    return []
  }
}
