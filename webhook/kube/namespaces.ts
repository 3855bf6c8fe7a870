/** What the webhook asks of the Kubernetes API about namespaces: their metadata, as a list and as what changes. */
import type { NamespaceView } from '../inject/namespace.ts'

export interface NamespaceList {
  /** Opaque: where a watch goes on. */
  readonly resourceVersion: string
  readonly namespaces: readonly NamespaceView[]
}

export type NamespaceEvent =
  | {
      readonly kind: 'present' | 'gone'
      readonly namespace: NamespaceView
      readonly resourceVersion: string
    }
  /** Nothing has changed up to this version. */
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }

export interface NamespaceApi {
  /** Rejects with `kubernetes_refused`. */
  readonly list: (signal: AbortSignal) => Promise<NamespaceList>
  /**
   * Calls `use` for each event until the API server ends the watch, which it does every few minutes; `expired` when it no
   * longer knows what came after `resourceVersion`. Rejects with `kubernetes_refused`.
   */
  readonly watch: (
    resourceVersion: string,
    use: (event: NamespaceEvent) => void,
    signal: AbortSignal,
  ) => Promise<'ended' | 'expired'>
}

/** The namespaces that are known, for whoever answers a review. */
export interface Namespaces {
  readonly find: (name: string) => NamespaceView | undefined
  /** As soon as it is known; undefined when it is not within half a second. */
  readonly wait: (name: string) => Promise<NamespaceView | undefined>
  /** Whether there has been a complete list yet. */
  readonly synced: boolean
}
