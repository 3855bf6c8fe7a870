/** A store as the references of one pod may name it. */
import type { ReferenceStores } from '../../../core/reference.ts'
import type { StoreSettings } from '../../../core/stores/settings/store-settings.ts'
import type { Problem } from '../problem.ts'

/** Who describes it; `type` is a type's bare name, which nobody needs to describe. */
export type StoreOrigin = 'pod' | 'namespace' | 'operator' | 'type'

export interface PodStore {
  /** With what its namespace and the operator add. */
  readonly settings: StoreSettings
  readonly origin: StoreOrigin
  /** Whether the pod or its namespace names it in an annotation. */
  readonly isNamed: boolean
  /** The annotation that describes it, or that would. */
  readonly path: string
  /** What the pod and its namespace say themselves. */
  readonly given: ReadonlyMap<string, string>
}

export interface PodStores {
  /** What references are read by; undefined where the pod's agent reads from Vault alone. */
  readonly references: ReferenceStores | undefined
  /** Names and types of what somebody describes: equal texts, equal references. */
  readonly signature: string
  /** Those that somebody describes, in the order of their names. */
  readonly described: readonly PodStore[]
  /** What is wrong with what the namespace says of a store, by its name: a problem of the pods that use it. */
  readonly faults: ReadonlyMap<string, readonly Problem[]>
  /** Bare types included. */
  readonly find: (name: string) => PodStore | undefined
}
