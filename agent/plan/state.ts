/** What the agent knows between two steps; everything a new process needs to go on without a login or a new lease. */
import type { ErrorCode } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'

/** All times are milliseconds since the epoch. */
export interface AgentState {
  readonly session: Session | undefined
  /** Logins that failed, or sessions that broke, since the last step that went well. */
  readonly loginFailure: Failure | undefined
  /** By `secretRequestKey`. */
  readonly secrets: ReadonlyMap<string, HeldSecret>
  /** Reads and renewals that failed since the last success, by `secretRequestKey`. */
  readonly failures: ReadonlyMap<string, Failure>
  /** SHA-256 of what was last written, hexadecimal, by destination. */
  readonly files: ReadonlyMap<string, string>
}

/** A token of the store. */
export interface Session {
  /** Store, mount and role it was opened with: another configuration does not inherit it. */
  readonly identity: string
  readonly token: Secret
  readonly renewable: boolean
  /** Undefined for a token that never ends. */
  readonly expiresAt: number | undefined
  /** When to renew it, or to log in anew if it is not renewable. */
  readonly dueAt: number | undefined
}

/** An answer that templates are rendered from. */
export interface HeldSecret {
  readonly request: SecretRequest
  readonly answer: SecretAnswer
  readonly readAt: number
  readonly due: { readonly kind: 'renew' | 'read'; readonly at: number }
}

export interface Failure {
  readonly count: number
  readonly retryAt: number
  /** Of the last attempt. */
  readonly code: ErrorCode
}

export const emptyState: AgentState = {
  session: undefined,
  loginFailure: undefined,
  secrets: new Map(),
  failures: new Map(),
  files: new Map(),
}
