/** The namespaces of the cluster: what of their metadata the webhook reads, and who answers for it. */
import { defaultPrefix, type NamespaceView } from '../inject/namespace.ts'
import { readMetadata, type WatchedKind } from './object-metadata.ts'

/** The namespaces that are known, for whoever answers a review. */
export interface Namespaces {
  readonly find: (name: string) => NamespaceView | undefined
  /** As soon as it is known; undefined when it is not within half a second. */
  readonly wait: (name: string) => Promise<NamespaceView | undefined>
  /** Whether there has been a complete list yet. */
  readonly synced: boolean
}

/** Needs `list` and `watch` on namespaces. */
export const namespaces: WatchedKind<NamespaceView> = {
  name: 'namespaces',
  path: '/api/v1/namespaces',
  pageSize: 500,
  read: readNamespace,
}

/** Only the annotations that the webhook reads are kept. */
function readNamespace(object: unknown): NamespaceView {
  const { name, labels, annotations } = readMetadata(object)
  return {
    name,
    labels,
    annotations: new Map([...annotations].filter(([key]) => key.startsWith(defaultPrefix))),
  }
}
