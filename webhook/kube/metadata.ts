/** What is asked of the Kubernetes API about the metadata of a kind of objects: a list, and then what changes. */

export interface MetadataList<T> {
  /** Opaque: where a watch goes on. */
  readonly resourceVersion: string
  readonly items: readonly T[]
}

export type MetadataEvent<T> =
  | { readonly kind: 'present' | 'gone'; readonly item: T; readonly resourceVersion: string }
  /** Nothing has changed up to this version. */
  | { readonly kind: 'bookmark'; readonly resourceVersion: string }

export interface MetadataApi<T> {
  /** Rejects with `kubernetes_refused`. */
  readonly list: (signal: AbortSignal) => Promise<MetadataList<T>>
  /**
   * Calls `use` for each event until the API server ends the watch, which it does every few minutes; `expired` when it no
   * longer knows what came after `resourceVersion`. Rejects with `kubernetes_refused`.
   */
  readonly watch: (
    resourceVersion: string,
    use: (event: MetadataEvent<T>) => void,
    signal: AbortSignal,
  ) => Promise<'ended' | 'expired'>
}
