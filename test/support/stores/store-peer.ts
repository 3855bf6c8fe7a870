/** What a store is tested against: a server, real or not, that can be looked into behind the store's back. */
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import type { Store } from '../../../core/stores/store.ts'

export interface StorePeer {
  readonly type: StoreTypeName
  readonly features: PeerFeatures
  /** Faults that the running peer can have. */
  readonly faults: readonly FaultName[]
  /** Tests that the server itself fails, by name: what it does other than the service that it stands for. */
  readonly flaws?: ReadonlyMap<string, string>
  readonly start: () => Promise<RunningPeer>
}

/** What a service can hold and say; whether a store has an operation at all stands in `store-types.ts`. */
export interface PeerFeatures {
  /** Whether a secret may be bytes that are no UTF-8 text. */
  readonly isBinarySafe: boolean
  /** The largest secret, bytes. */
  readonly largestBytes: number
  readonly hasTags: boolean
  /** What every name begins with. Default: nothing. */
  readonly pathPrefix?: string
  /** A version that no secret of the tests has; undefined where the type has none. */
  readonly absentVersion?: string
  /** A name that the service cannot have, where there is one. */
  readonly invalidPath?: string
  /** Whether the store gets itself new credentials when the old ones are refused. */
  readonly renewsCredentials: boolean
}

export interface RunningPeer {
  /** A store of its own, with its own memory; `changes` go over the settings that lead to this peer. */
  readonly open: (changes?: ReadonlyMap<string, string>) => Promise<Store>
  /** Makes or replaces a secret. Where secrets have keys it gets the one key `value`. */
  readonly put: (path: string, bytes: Uint8Array) => Promise<void>
  /** What `put` would have put there; keys as a JSON object, unless there is only `value`. Undefined: nothing. */
  readonly look: (path: string) => Promise<Uint8Array | undefined>
  readonly remove: (path: string) => Promise<void>
  /** From now on every request meets the fault; undefined: none does. */
  readonly inject?: (fault: FaultName | undefined) => void | Promise<void>
  readonly stop: () => Promise<void>
}

/** What a service over HTTP can have, whole. */
export const serviceFaults: readonly FaultName[] = [
  ...(['throttled', 'throttled-with-wait', 'failing', 'denied', 'expired'] as const),
  ...(['garbled', 'hanging', 'down'] as const),
]

export type FaultName =
  /** Too many requests, for all that the service says. */
  | 'throttled'
  /** The same, to be tried again in 7 seconds. */
  | 'throttled-with-wait'
  /** The service has failed. */
  | 'failing'
  /** The identity may not do that. */
  | 'denied'
  /** The credentials that the store holds are over; those that it asks for now are good. */
  | 'expired'
  /** An answer that says yes and makes no sense. */
  | 'garbled'
  /** The request is taken and never answered. */
  | 'hanging'
  /** Nobody takes the request. */
  | 'down'
