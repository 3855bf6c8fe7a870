/** Where the store is and how the agent talks to it. */
import type { Issue } from '../../../core/issue.ts'
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { Reading } from './reading.ts'

export interface StoreSettings {
  readonly address: string
  /** A namespace of the store, not of Kubernetes. */
  readonly namespace: string | undefined
  readonly skipVerify: boolean
  /** The name that the store's certificate must have, where it is not the one of the address. */
  readonly serverName: string | undefined
  /** Files in the agent's containers, PEM. */
  readonly caCert: string | undefined
  /** The operator's CA, PEM, where the pod names no file. */
  readonly caPem: string | undefined
  readonly clientCert: string | undefined
  readonly clientKey: string | undefined
  /** Of one request, a Go duration; the agent's default when absent. */
  readonly timeout: string | undefined
  /** The Secret to mount for those files. */
  readonly tlsSecret: string | undefined
}

/** Issue code: `annotation_missing`. */
export function readStore(
  reader: AnnotationReader,
  defaults: WebhookDefaults,
): Reading<StoreSettings> {
  const caCert = reader.plain(annotations.caCert) || undefined
  const value = {
    address: reader.plain(annotations.service) ?? defaults.address,
    namespace: reader.plain(annotations.namespace) || undefined,
    skipVerify: reader.plain(annotations.skipVerify) ?? false,
    serverName: reader.plain(annotations.serverName) || undefined,
    caCert,
    caPem: caCert === undefined ? defaults.caCert : undefined,
    clientCert: reader.plain(annotations.clientCert) || undefined,
    clientKey: reader.plain(annotations.clientKey) || undefined,
    timeout: reader.plain(annotations.clientTimeout) || undefined,
    tlsSecret: reader.plain(annotations.tlsSecret) || undefined,
  }
  return { value, issues: findMissingHalf(value, reader), warnings: [] }
}

/** A certificate without its key, or the other way round, is of no use in a handshake. */
function findMissingHalf(
  { clientCert, clientKey }: StoreSettings,
  reader: AnnotationReader,
): readonly Issue[] {
  if ((clientCert === undefined) === (clientKey === undefined)) return []
  const missing = clientKey === undefined ? annotations.clientKey : annotations.clientCert
  const other = clientKey === undefined ? annotations.clientCert : annotations.clientKey
  // One that is there and wrong is an issue already.
  if (reader.has(missing)) return []
  return [
    {
      code: 'annotation_missing',
      path: reader.spell(missing.key),
      expected: missing.kind.expected,
      hint: `${reader.spell(other.key)} needs it`,
    },
  ]
}
