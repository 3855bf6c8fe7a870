/** Vault's own record of what a pod asked of it. */
import { readFileSync } from 'node:fs'
import type { V1Pod } from '@kubernetes/client-node'
import type { Machine } from './machine.ts'

/** The properties of an audit entry that the tests read. */
export interface AuditEntry {
  readonly type: 'request' | 'response'
  /** RFC 3339. */
  readonly time: string
  readonly error?: string
  readonly request: {
    readonly path: string
    readonly operation: string
    readonly remote_address: string
  }
  /** Of the caller's token, or of the one that a login gave out. */
  readonly auth?: { readonly display_name?: string }
}

/**
 * Answered requests that came from the pod's address, oldest first. An address is given to one pod only: the allocator goes
 * round its range. Source: Vault's audit log, type `response`.
 */
export function requestsOf(machine: Machine, pod: V1Pod): readonly AuditEntry[] {
  const address = pod.status?.podIP
  return readAnswered(machine).filter(({ request }) => request.remote_address === address)
}

/** Answered requests of whoever logged in at the mount of an auth method whose tokens bear its name, the logins included. */
export function requestsThrough(machine: Machine, mount: string): readonly AuditEntry[] {
  return readAnswered(machine).filter(({ auth }) => auth?.display_name === mount)
}

function readAnswered({ context }: Machine): readonly AuditEntry[] {
  const lines = readFileSync(context.auditLog, 'utf8').split('\n')
  const entries: readonly AuditEntry[] = lines.filter(Boolean).map((line) => JSON.parse(line))
  return entries.filter(({ type }) => type === 'response')
}

export function loginsOf(machine: Machine, pod: V1Pod): readonly AuditEntry[] {
  return requestsOf(machine, pod).filter(({ request }) => request.path === 'auth/kubernetes/login')
}
