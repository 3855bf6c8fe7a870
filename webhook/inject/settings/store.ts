/** Where the store is and how the agent talks to it. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { Problem } from '../problem.ts'
import type { WebhookDefaults } from '../profiles.ts'
import type { Reading } from './reading.ts'

export interface StoreSettings {
  readonly address: string
  /** What HTTPS_PROXY and NO_PROXY are set to. */
  readonly proxy: string | undefined
  readonly noProxy: string | undefined
  /** A namespace of the store, not of Kubernetes. */
  readonly namespace: string | undefined
  readonly skipVerify: boolean
  /** The name that the store's certificate must have, where it is not the one of the address. */
  readonly serverName: string | undefined
  /** Files in the agent's containers, PEM; `caPath` is a directory of them. */
  readonly caCert: string | undefined
  readonly caPath: string | undefined
  readonly clientCert: string | undefined
  readonly clientKey: string | undefined
  /** The operator's CA, PEM, where the pod names no file. */
  readonly caPem: string | undefined
  /** Of one request, a Go duration; the agent's default when absent. */
  readonly timeout: string | undefined
  readonly maxRetries: string | undefined
  /** The Secret to mount for those files. */
  readonly tlsSecret: string | undefined
}

/** `needsAddress`: whether the agent's configuration is made of these settings and has to name a store. Problem code: `annotation_missing`. */
export function readStore(
  reader: AnnotationReader,
  defaults: WebhookDefaults,
  { needsAddress }: { readonly needsAddress: boolean },
): Reading<StoreSettings> {
  const caCert = reader.plain(annotations.caCert) || undefined
  const value = {
    address: reader.plain(annotations.service) ?? defaults.address,
    proxy: reader.plain(annotations.proxyAddress) || undefined,
    noProxy: reader.plain(annotations.noProxy) || undefined,
    namespace: reader.plain(annotations.namespace) || undefined,
    skipVerify: reader.plain(annotations.skipVerify) ?? false,
    serverName: reader.plain(annotations.serverName) || undefined,
    caCert,
    caPath: reader.plain(annotations.caPath) || undefined,
    caPem: caCert === undefined || defaults.profile.lenient ? defaults.caCert : undefined,
    clientCert: reader.plain(annotations.clientCert) || undefined,
    clientKey: reader.plain(annotations.clientKey) || undefined,
    timeout: reader.plain(annotations.clientTimeout) || undefined,
    maxRetries: reader.plain(annotations.clientMaxRetries) || undefined,
    tlsSecret: reader.plain(annotations.tlsSecret) || undefined,
  }
  const noAddress = needsAddress && value.address === ''
  const problems = [
    ...(noAddress ? [describeNoAddress(reader)] : []),
    ...findMissingHalf(value, reader),
  ]
  return { value, problems, warnings: [] }
}

function describeNoAddress(reader: AnnotationReader): Problem {
  return {
    code: 'annotation_missing',
    path: reader.spell(annotations.service.key),
    expected: annotations.service.kind.expected,
    stage: 'validate',
  }
}

/** A certificate without its key, or the other way round, is of no use in a handshake. */
function findMissingHalf(
  { clientCert, clientKey }: StoreSettings,
  reader: AnnotationReader,
): readonly Problem[] {
  if ((clientCert === undefined) === (clientKey === undefined)) return []
  const missing = clientKey === undefined ? annotations.clientKey : annotations.clientCert
  const other = clientKey === undefined ? annotations.clientCert : annotations.clientKey
  // One that is there and wrong is a problem already.
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
