/** What the agent can say of itself: for `/readyz`, the metrics and `claviger-agent status`. Names and times, no values. */
import type { ErrorCode } from '../../core/errors.ts'

/** All times are milliseconds since the epoch. */
export interface AgentStatus {
  /** Everything was rendered, now or earlier, and every command has run. */
  readonly ready: boolean
  readonly session:
    | {
        readonly expiresAt: number | undefined
        readonly dueAt: number | undefined
        readonly renewable: boolean
      }
    | undefined
  readonly loginFailure: FailureStatus | undefined
  readonly secrets: readonly SecretStatus[]
  /** Those besides the pod's own Vault. */
  readonly stores: readonly StoreStatus[]
  readonly files: readonly FileStatus[]
}

export interface SecretStatus {
  /** The reference to it, as templates write it; `(computed by a template)` where that may be secret. */
  readonly path: string
  readonly kind: 'read' | 'write' | 'list' | 'pki'
  /** Of the last good answer; undefined before the first. */
  readonly readAt: number | undefined
  /** When it is renewed or read again. */
  readonly nextAt: number | undefined
  /** The end of its lease or certificate; undefined where it has none. */
  readonly expiresAt: number | undefined
  readonly failure: FailureStatus | undefined
}

export interface StoreStatus {
  readonly name: string
  readonly type: string
  /** While it is left alone because it was too busy. */
  readonly failure: FailureStatus | undefined
}

export interface FailureStatus {
  readonly code: ErrorCode
  /** In a row. */
  readonly count: number
  readonly retryAt: number
}

export interface FileStatus {
  readonly destination: string
  readonly rendered: boolean
  /** Older than its `max_stale`. */
  readonly stale: boolean
  readonly commandPending: boolean
}
