/** What the agent knows between two steps; everything a new process needs to go on without a login or a new lease. */
import type { ErrorCode } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import type { Mount } from '../../core/stores/vault/mounts.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'

/** All times are milliseconds on the agent's own timeline, which starts as the epoch's and never jumps. */
export interface AgentState {
  /** Where the timeline began; undefined before a process has chosen it. */
  readonly timeline: TimelineAnchor | undefined
  readonly session: Session | undefined
  /** Logins that failed, or sessions that broke, since the last step that went well. */
  readonly loginFailure: Failure | undefined
  /** What the auth method must remember because its source is gone. */
  readonly credentials: ReadonlyMap<string, Secret>
  /** What the store told of its mounts, by path with its final slash. */
  readonly mounts: ReadonlyMap<string, Mount>
  /** By `secretRequestKey`. */
  readonly secrets: ReadonlyMap<string, HeldSecret>
  /** What the stores besides the pod's own Vault left, by their names. */
  readonly stores: ReadonlyMap<string, StoreState>
  /** Reads and renewals that failed since the last success, by `secretRequestKey`. */
  readonly failures: ReadonlyMap<string, SecretFailure>
  /** SHA-256 of what was last written, hexadecimal, by destination. */
  readonly files: ReadonlyMap<string, string>
  /** SHA-256 of what a template last wrote with `writeToFile`, by its destination. */
  readonly effects: ReadonlyMap<string, string>
  /** SHA-256 of the token that a sink was last given, by its path. */
  readonly sinks: ReadonlyMap<string, string>
  /** Sinks that could not be prepared, by path. */
  readonly sinkFailures: ReadonlyMap<string, Failure>
  /** Destinations whose secrets are older than their `max_stale`. */
  readonly stale: ReadonlySet<string>
  /** Changes that `wait` holds back, by destination. */
  readonly changes: ReadonlyMap<string, HeldChange>
  /** Commands that are still to run, by the destination that they belong to. */
  readonly commands: ReadonlyMap<string, PendingCommand>
  /** True once everything was rendered and every command had run. */
  readonly wasComplete: boolean
}

export interface TimelineAnchor {
  /** The kernel's name for this boot: another boot's uptime says nothing. */
  readonly boot: string
  /** The moment of the boot. */
  readonly startedAt: number
}

/** A token of the store. */
export interface Session {
  /** Store, mount and role it was opened with: another configuration does not inherit it. */
  readonly identity: string
  /** With `isWrapped` the wrapping information, with which nothing can be read. */
  readonly token: Secret
  readonly isWrapped: boolean
  readonly renewable: boolean
  readonly openedAt: number
  /** Undefined for a token that never ends. */
  readonly expiresAt: number | undefined
  /** When to renew it, or to log in anew if it is not renewable. */
  readonly dueAt: number | undefined
  /** When the store was last asked whether the token still lives. */
  readonly checkedAt: number | undefined
  /** Of the credentials on disk when it was opened; undefined where nobody asks. */
  readonly fingerprint: string | undefined
}

/** An answer that templates are rendered from. */
export interface HeldSecret {
  readonly request: SecretRequest
  readonly answer: SecretAnswer
  readonly readAt: number
  /** The end of its lease, of its certificate or of its token; undefined where it has none. */
  readonly expiresAt: number | undefined
  readonly due: { readonly kind: 'renew' | 'read'; readonly at: number }
  /** It is replaced by then although it could be renewed, because the token that made it ends. */
  readonly replaceAt: number | undefined
}

export interface Failure {
  /** Requests in a row. */
  readonly count: number
  /** Those of them that found the store unable to answer; several make one attempt. */
  readonly temporary: number
  /** Those of them that found no secret where one is optional; they make no attempt. */
  readonly absences: number
  readonly retryAt: number
  /** Of the last request. */
  readonly code: ErrorCode
}

/** Of a read or a renewal. */
export interface SecretFailure extends Failure {
  readonly kind: SecretRequest['kind']
  readonly path: string
  /** Undefined: the pod's own Vault. */
  readonly store?: string
  readonly version?: string
}

export interface StoreState {
  /** Hash of its settings: a store with others inherits nothing. */
  readonly identity: string
  /** What it was given and would have to ask for again, such as session keys. */
  readonly memory: ReadonlyMap<string, Secret>
  /** Steps in a row that found it too busy: all its secrets wait until then. */
  readonly failure: Failure | undefined
}

export interface HeldChange {
  /** SHA-256 of the output that is held back. */
  readonly hash: string
  readonly firstAt: number
  readonly lastAt: number
}

export interface PendingCommand {
  /** `intended`: the file is about to be written; `due`: it was. */
  readonly kind: 'intended' | 'due'
  /** SHA-256 of the output that it is run for. */
  readonly hash: string
  readonly failure: Failure | undefined
}

export const emptyState: AgentState = {
  timeline: undefined,
  session: undefined,
  loginFailure: undefined,
  credentials: new Map(),
  mounts: new Map(),
  secrets: new Map(),
  stores: new Map(),
  failures: new Map(),
  files: new Map(),
  effects: new Map(),
  sinks: new Map(),
  sinkFailures: new Map(),
  stale: new Set(),
  changes: new Map(),
  commands: new Map(),
  wasComplete: false,
}
