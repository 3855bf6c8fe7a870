/** Where the serving certificate comes from and how TLS is spoken. */
import { buildTlsSettings, http2Suites, type TlsSettings } from '../tls/options.ts'
import type { FlagReader } from './flag-reader.ts'
import { flags } from './flags.ts'

/** What of the cluster a generated certificate, or the publishing of a CA, needs. */
export interface ClusterNames {
  readonly webhookConfiguration: string
  /** Undefined for the one of vault-helm, or none. */
  readonly secret: string | undefined
  /** Empty for the namespace the webhook runs in. */
  readonly namespace: string
}

export type TlsSource =
  | {
      readonly kind: 'files'
      readonly certFile: string
      readonly keyFile: string
      /** The CA to publish, and where; undefined leaves that to the operator. */
      readonly published: ({ readonly caFile: string } & ClusterNames) | undefined
    }
  | ({
      readonly kind: 'generated'
      readonly hosts: readonly string[]
      readonly settleMs: number
    } & ClusterNames)

export interface TlsConfig {
  readonly source: TlsSource
  readonly settings: TlsSettings
}

export function readTls(reader: FlagReader): TlsConfig {
  const version = reader.read(flags.tlsMinVersion, 'tls12')
  const suites = reader.read(flags.tlsCipherSuites, [])
  const isServed = suites.length === 0 || suites.some((name) => http2Suites.includes(name))
  // Source: Go, http2.ConfigureServer, for which TLS 1.3 has suites of its own.
  if (!isServed && version !== 'tls13') {
    const expected = `a suite among them that is HTTP/2-required: ${http2Suites.join(' or ')}`
    reader.refuse(flags.tlsCipherSuites, expected)
  }
  return { source: readSource(reader), settings: buildTlsSettings(version, suites) }
}

/** Below that the replicas would ask the API server several times a second. */
const shortestSettleMs = 2_000

function readSource(reader: FlagReader): TlsSource {
  const certFile = reader.read(flags.tlsCertFile, '')
  const keyFile = reader.read(flags.tlsKeyFile, '')
  const caFile = reader.read(flags.tlsCaCertFile, '')
  const hosts = reader.read(flags.tlsAutoHosts, [])
  const settleMs = reader.read(flags.tlsCaSettle, shortestSettleMs)
  const names = {
    webhookConfiguration: reader.read(flags.tlsAuto, ''),
    secret: reader.read(flags.tlsAutoSecret, '') || undefined,
    namespace: reader.read(flags.namespace, ''),
  }
  if (certFile !== '' || keyFile !== '') {
    if (certFile === '') reader.miss(flags.tlsCertFile, 'a file, as -tls-key-file is given')
    if (keyFile === '') reader.miss(flags.tlsKeyFile, 'a file, as -tls-cert-file is given')
    const publishes = caFile !== '' && names.webhookConfiguration !== ''
    const published = publishes ? { caFile, ...names } : undefined
    return { kind: 'files', certFile, keyFile, published }
  }
  if (names.webhookConfiguration === '') {
    reader.miss(flags.tlsAuto, 'a name, or -tls-cert-file and -tls-key-file instead')
  } else if (hosts.length === 0) {
    reader.miss(flags.tlsAutoHosts, 'at least one name, as -tls-auto is given')
  }
  if (settleMs < shortestSettleMs) {
    reader.refuse(flags.tlsCaSettle, `at least ${shortestSettleMs / 1000}s`)
  }
  return { kind: 'generated', hosts, settleMs, ...names }
}
