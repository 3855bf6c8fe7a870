/** The source of the serving certificate that the configuration asks for. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { ClusterNames, TlsSource } from '../config/tls-config.ts'
import type { Cluster } from '../kube/cluster.ts'
import { tolerateMissingSecret } from '../kube/memory-secret.ts'
import { createFileSource } from './file-source.ts'
import { createGeneratedSource } from './generated-source.ts'
import { createPublishedSource } from './published-source.ts'
import type { CertificateSource } from './source.ts'

export interface SourceDeps {
  readonly clock: Clock
  readonly logger: Logger
  /** Rejects with `config_invalid` outside of a cluster. */
  readonly connect: (names: {
    readonly secret: string
    readonly webhookConfiguration: string
    readonly namespace: string
  }) => Promise<Cluster>
}

/** The Secret of vault-helm's chart, which makes it where there are several replicas. */
const stockSecret = 'vault-injector-certs'

export async function createSource(tls: TlsSource, deps: SourceDeps): Promise<CertificateSource> {
  if (tls.kind === 'generated') {
    return createGeneratedSource({ ...tls, ...deps, cluster: await connect(tls, deps) })
  }
  const files = createFileSource({ ...tls, ...deps })
  const { published } = tls
  if (published === undefined) return files
  const cluster = await connect(published, deps)
  return createPublishedSource(files, { ...deps, caFile: published.caFile, cluster })
}

async function connect(names: ClusterNames, { connect, logger }: SourceDeps): Promise<Cluster> {
  const cluster = await connect({ ...names, secret: names.secret ?? stockSecret })
  return names.secret === undefined ? tolerateMissingSecret(cluster, logger) : cluster
}
