/** What every store is to its callers: the agent, the command line and the contract tests. */
import type { TimedKeys } from '../cloud/aws-keys.ts'
import type { CloudToken } from '../cloud/cloud-token.ts'
import type { Environment } from '../environment.ts'
import type { AppError } from '../errors.ts'
import type { Logger } from '../log.ts'
import type { Secret } from '../secret.ts'
import type { Flight } from '../single-flight.ts'
import type { SecretAnswer } from '../template/secret-request.ts'

/** What can be done with secrets besides reading them; a store that cannot lacks the method, and `store-types.ts` says so. */
export type Capability = 'list' | 'write' | 'delete' | 'restore' | 'history' | 'rotate' | 'watch'

/**
 * An open store. It holds connections and an identity, and nothing of what it read. Every method may reject with, or give as an
 * outcome: `secret_missing`, `store_refused` (with the status), `store_busy` (throttled or failing; `retryAfterMs` where the
 * store says it), `store_unreachable`, `store_answer_invalid`, `credentials_unavailable`, `tls_invalid`, `input_invalid` for a
 * name that the store cannot have. Facts are the store's name, the path and what the service calls its error; never a value.
 */
export interface Store {
  readonly name: string
  /** One outcome for each of `reads`, in their order, with as few requests as the service allows. Never rejects because of a secret. */
  readonly read: (
    reads: readonly StoreRead[],
    signal?: AbortSignal,
  ) => Promise<readonly ReadOutcome[]>
  readonly list?: (query: ListQuery, signal?: AbortSignal) => Promise<Listing>
  /** Makes the secret, or a new version of it, and gives that version's name where the store has versions. */
  readonly write?: (write: StoreWrite, signal?: AbortSignal) => Promise<string | undefined>
  /** `secret_missing` for what is not there. */
  readonly delete?: (path: string, options: DeleteOptions, signal?: AbortSignal) => Promise<void>
  /** Undoes a deletion that was not final. */
  readonly restore?: (path: string, signal?: AbortSignal) => Promise<void>
  /** Has the service make a new value of the secret, by what it was set up with. It is done when the service has begun. */
  readonly rotate?: (path: string, options: RotateOptions, signal?: AbortSignal) => Promise<void>
  /** Newest first. */
  readonly history?: (path: string, signal?: AbortSignal) => Promise<readonly VersionEntry[]>
  /** Calls `changed` for each path whose secret has changed, or may have while nobody looked. */
  readonly watch?: (secrets: readonly WatchedSecret[], changed: (path: string) => void) => Watch
  /** Extends a lease by its id; the seconds granted. Of Vault alone. */
  readonly renew?: (leaseId: string) => Promise<number>
  /** Gives back for good what it was given, and all leases with it; false where there is nothing of its own to give back. Of Vault alone. */
  readonly revoke?: () => Promise<boolean>
  /** Closes connections that would keep the process alive. */
  readonly close?: () => Promise<void>
}

export interface StoreRead {
  /** As the store names it. */
  readonly path: string
  /** Undefined: the current one. */
  readonly version: string | undefined
  /** The version that the caller holds; the same one may be answered as `unchanged`. */
  readonly known: string | undefined
}

export type ReadOutcome =
  /** `content`, `version` and `expiresAt` of the answer are filled where the store has them. */
  | { readonly kind: 'read'; readonly answer: SecretAnswer }
  | { readonly kind: 'unchanged' }
  | { readonly kind: 'failed'; readonly error: AppError }

export interface ListQuery {
  /** What names begin with. Default: anything. */
  readonly prefix?: string
  /** What whole names match: `*` stands for any text, a slash included. */
  readonly glob?: string
  /** All of them must fit. `input_invalid` where a store has no tags or labels. */
  readonly tags?: ReadonlyMap<string, string>
  /** How many names at most. */
  readonly limit: number
}

export interface Listing {
  readonly entries: readonly ListEntry[]
  /** Whether there are more. */
  readonly isCapped: boolean
}

export interface ListEntry {
  readonly path: string
  /** Milliseconds since the epoch. */
  readonly changedAt?: number
  readonly tags?: ReadonlyMap<string, string>
}

export interface StoreWrite {
  readonly path: string
  readonly content: WrittenContent
  /** On secrets that are made by it, beside those of the settings. */
  readonly tags?: ReadonlyMap<string, string>
}

/** Bytes are text wherever they are valid UTF-8 and the service tells text from bytes. */
export type WrittenContent =
  | { readonly kind: 'whole'; readonly bytes: Uint8Array }
  /** Some keys of a secret that has several: the others stay. */
  | { readonly kind: 'keys'; readonly members: ReadonlyMap<string, Uint8Array> }

export interface DeleteOptions {
  /** For good, where the store could keep it for a while. */
  readonly isFinal: boolean
  /** How long it can be restored, days, where the store lets the caller choose. */
  readonly recoveryDays?: number
}

export interface RotateOptions {
  /** Whether a rotation begins now, and not only when the next is due. */
  readonly isImmediate: boolean
  /** Days between two rotations from now on; undefined: as it is set. */
  readonly days?: number
}

export interface VersionEntry {
  readonly version: string
  /** Milliseconds since the epoch. */
  readonly createdAt?: number
  /** Stages or labels, such as AWSCURRENT. */
  readonly labels: readonly string[]
  readonly state: 'enabled' | 'disabled' | 'destroyed'
}

export interface WatchedSecret {
  readonly path: string
  /** The version that the caller holds: any other is a change, so is none. Undefined: it holds none. */
  readonly known: string | undefined
}

export interface Watch {
  /** True while a change would be heard of at once. */
  readonly isLive: () => boolean
  readonly close: () => void
}

/** What a store reaches the outside through. */
export interface StorePorts {
  readonly environment: Environment
  /** Milliseconds since the epoch, by the machine's clock. */
  readonly now: () => number
  readonly memory: StoreMemory
  readonly logger: Logger
  /** Sent as `user-agent`. */
  readonly userAgent: string
}

/**
 * What a store was given and would have to ask for again, such as a cloud's session keys; the agent keeps it in its state. Stores
 * of a process have it in common: a key has to name everything that the text under it depends on, besides the environment.
 */
export interface StoreMemory {
  readonly recall: (key: string) => Secret | undefined
  readonly remember: (key: string, text: Secret) => void
  /** Logins that are under way, by the same keys. */
  readonly flights: { readonly keys: Flight<TimedKeys>; readonly tokens: Flight<CloudToken> }
}
