/**
 * A certificate of a CA of our own that lives in one Secret. There is no leader: every replica does the same, and the
 * Secret's resource version decides whose result counts.
 */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { Cluster, StoredSecret } from '../kube/cluster.ts'
import { type Authority, renewAuthority } from './authority.ts'
import type { CertificateSource } from './source.ts'

export interface GeneratedSourceOptions {
  readonly cluster: Cluster
  /** Names and addresses that the API server may use for us. */
  readonly hosts: readonly string[]
  readonly clock: Clock
  readonly logger: Logger
}

const intervalMs = 60_000
const retry: Backoff = { minMs: 500, maxMs: 15_000 }

/** Checks once a minute; a failed check is logged and repeated sooner, and the certificate in use stays. */
export function createGeneratedSource(options: GeneratedSourceOptions): CertificateSource {
  const { clock, logger } = options
  return {
    run: async (use, signal) => {
      let serving = ''
      let failures = 0
      while (!signal.aborted) {
        try {
          const { bundle, leaf } = await agreeOnAuthority(options)
          // Trust first, then use. A certificate that nobody trusts yet is still better than none.
          const published = await publish(bundle, options).then(
            () => undefined,
            (thrown: unknown) => ({ thrown }),
          )
          if (leaf.cert !== serving) {
            use(leaf)
            serving = leaf.cert
            logger.info('certificate loaded')
          }
          if (published !== undefined) throw published.thrown
          failures = 0
        } catch (thrown) {
          failures += 1
          logger.warn('certificate not checked', errorFields(thrown))
        }
        const wait =
          failures === 0
            ? Math.round(intervalMs * (1 - 0.25 * clock.chance()))
            : backoffMs(retry, failures, clock.chance())
        await clock.sleep(wait, signal)
      }
    },
  }
}

const attempts = 5

/** Reads what is there and renews what is due; whoever loses the race to write reads what the winner wrote. */
async function agreeOnAuthority({
  cluster,
  hosts,
  clock,
  logger,
}: GeneratedSourceOptions): Promise<Authority> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const secret = await cluster.readSecret()
    const current = readAuthority(secret)
    const wanted = renewAuthority(current, hosts, clock.now())
    if (wanted === current) return wanted
    const { resourceVersion } = secret
    const written = await cluster.writeSecret({ resourceVersion, entries: listEntries(wanted) })
    if (written === 'written') {
      logger.info('certificates renewed')
      return wanted
    }
  }
  throw new AppError('kubernetes_refused', { operation: 'write Secret', attempts })
}

/** Undefined for the Secret as it is shipped: empty. */
function readAuthority({ entries }: StoredSecret): Authority | undefined {
  const bundle = entries.get('ca.crt')
  const caKey = entries.get('ca.key')
  const cert = entries.get('tls.crt') ?? ''
  const key = entries.get('tls.key') ?? ''
  if (bundle === undefined || caKey === undefined) return undefined
  return { bundle, caKey, leaf: { cert, key } }
}

function listEntries({ bundle, caKey, leaf }: Authority): ReadonlyMap<string, string> {
  return new Map([
    ['ca.crt', bundle],
    ['ca.key', caKey],
    ['tls.crt', leaf.cert],
    ['tls.key', leaf.key],
  ])
}

/** Writes the bundle into those webhooks that have another one; usually none has. */
export async function publish(
  bundle: string,
  { cluster, logger }: Pick<GeneratedSourceOptions, 'cluster' | 'logger'>,
): Promise<void> {
  const webhooks = await cluster.readWebhooks()
  const outdated = webhooks.flatMap(({ name, caBundle }, index) =>
    caBundle === bundle ? [] : [{ index, name }],
  )
  if (outdated.length === 0) return
  await cluster.writeCaBundle(bundle, outdated)
  logger.info('CA bundle published', { webhooks: outdated.length })
}
