/** What a step reaches the outside through. */
import type { LocalSource } from '../../core/machine/local-source.ts'
import type { Secret } from '../../core/secret.ts'
import type { ReadOutcome, StoreRead } from '../../core/stores/store.ts'
import type { MountMemory } from '../../core/stores/vault/mounts.ts'
import type { Randomness } from '../../core/template/randomness.ts'
import type { SecretAnswer, SecretAuth, SecretRequest } from '../../core/template/secret-request.ts'
import type { AuthMethod } from '../auth/auth-method.ts'
import type { PrepareSink } from '../sinks/sink-content.ts'

/** Each is one attempt; failures are AppErrors. */
export interface StepPorts {
  /** Undefined for an agent that never logs in. */
  readonly method: AuthMethod | undefined
  readonly renewToken: (token: Secret) => Promise<SecretAuth>
  /** Fails with `token_invalid` or `store_refused` where the store no longer knows the token. */
  readonly checkToken: (token: Secret) => Promise<void>
  /** The seconds granted. */
  readonly renewLease: (leaseId: string, token: Secret) => Promise<number>
  /** Of the pod's own Vault. */
  readonly read: (request: SecretRequest, token: Secret) => Promise<SecretAnswer>
  /** What `read` learns of KV mounts and goes by; filled from the state before a step and kept in it afterwards. */
  readonly mounts: MountMemory
  /** The stores besides the pod's own Vault, by name. */
  readonly stores: ReadonlyMap<string, StepStore>
  readonly prepareSink: PrepareSink
  /** The certificate that an earlier agent left at `destination` with its key, unless it has ended. */
  readonly findCertificate: (destination: string) => KeptCertificate | undefined
  /** Uniform in [0, 1). */
  readonly chance: () => number
  /** Milliseconds since the epoch by the machine's clock, which may jump: for what is compared with dates. */
  readonly wall: () => number
  /** Resolves after `ms`, or as soon as `signal` aborts. */
  readonly sleep: (ms: number, signal: AbortSignal) => Promise<void>
  readonly machine: Machine
}

export interface StepStore {
  /** Hash of its settings. */
  readonly identity: string
  /** How often its secrets are read, milliseconds; undefined: as those of Vault. */
  readonly refreshMs: number | undefined
  /** What it was given, such as session keys; filled from the state before a step and kept in it afterwards. */
  readonly memory: Map<string, Secret>
  /** What is asked at one moment is asked together. */
  readonly read: (read: StoreRead) => Promise<ReadOutcome>
  /** The names below a path, as Vault's list answers them. */
  readonly list: (path: string) => Promise<SecretAnswer>
  /** The seconds granted. */
  readonly renew: (leaseId: string) => Promise<number>
  /** True while a change of that secret would be heard of at once. */
  readonly isWatched: (path: string) => boolean
}

export interface KeptCertificate {
  readonly answer: SecretAnswer
  /** Milliseconds since the epoch. */
  readonly notBefore: number
  readonly notAfter: number
}

/** What templates reach of the machine, as far as their policy lets them. */
export interface Machine extends LocalSource {
  /** What `env` shows. */
  readonly environment: ReadonlyMap<string, string>
  readonly random: Randomness
  /** Milliseconds of a steady clock. */
  readonly elapsed: () => number
}
