/**
 * A certificate of a CA of our own that lives in one Secret. There is no leader: every replica does the same, and the
 * Secret's resource version decides whose result counts.
 */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { Cluster, StoredSecret, WebhookEntry } from '../kube/cluster.ts'
import { type Authority, renewAuthority } from './authority.ts'
import { Publication } from './publication.ts'
import type { CertificateSource } from './source.ts'

export interface GeneratedSourceOptions {
  readonly cluster: Cluster
  /** Names and addresses that the API server may use for us. */
  readonly hosts: readonly string[]
  /** How long a new CA is only published before it signs, in milliseconds. */
  readonly settleMs: number
  readonly clock: Clock
  readonly logger: Logger
}

const longestMs = 60_000
const retry: Backoff = { minMs: 500, maxMs: 15_000 }

/**
 * Checks once a minute, more often where a CA settles faster than in two. A failed check is logged and repeated sooner, and the
 * certificate in use stays.
 */
export function createGeneratedSource(options: GeneratedSourceOptions): CertificateSource {
  const { clock, logger, settleMs } = options
  const intervalMs = Math.min(longestMs, settleMs / 2)
  return {
    run: async ({ use, failed }, signal) => {
      const publication = new Publication(clock)
      let serving = ''
      let failures = 0
      while (!signal.aborted) {
        try {
          const { leaf, unpublished } = await check(options, publication)
          if (leaf.cert !== serving) {
            use(leaf)
            serving = leaf.cert
            logger.info('certificate loaded')
          }
          if (unpublished !== undefined) throw unpublished.thrown
          failures = 0
        } catch (thrown) {
          failures += 1
          failed()
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

/** Trust first, then use. A certificate that nobody trusts yet is still better than none. */
async function check(options: GeneratedSourceOptions, publication: Publication) {
  const webhooks = await attempt(options.cluster.readWebhooks())
  const known = 'thrown' in webhooks ? undefined : webhooks.value
  if (known !== undefined) publication.look(known)
  const { bundle, leaf } = await agreeOnAuthority(options, publication)
  const published = known === undefined ? webhooks : await attempt(publish(bundle, known, options))
  if ('thrown' in published) return { leaf, unpublished: published }
  publication.see(bundle)
  return { leaf, unpublished: undefined }
}

async function attempt<T>(work: Promise<T>): Promise<{ value: T } | { thrown: unknown }> {
  return work.then(
    (value) => ({ value }),
    (thrown: unknown) => ({ thrown }),
  )
}

const attempts = 5

/** Reads what is there and renews what is due; whoever loses the race to write reads what the winner wrote. */
async function agreeOnAuthority(
  { cluster, hosts, settleMs, clock, logger }: GeneratedSourceOptions,
  publication: Publication,
): Promise<Authority> {
  for (let attempt = 1; attempt <= attempts; attempt++) {
    const secret = await cluster.readSecret()
    const current = readAuthority(secret)
    const wanted = renewAuthority(current, {
      hosts,
      now: clock.now(),
      settleMs,
      publishedMs: publication.measure(current?.bundle),
      rotate: secret.wantsRotation,
    })
    if (wanted === current) return wanted
    const written = await cluster.writeSecret({ ...secret, entries: listEntries(wanted) })
    if (written === 'written') {
      logger.info(
        wanted.caKey === current?.caKey ? 'certificate renewed' : 'certificate authority renewed',
      )
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
  webhooks: readonly WebhookEntry[],
  { cluster, logger }: Pick<GeneratedSourceOptions, 'cluster' | 'logger'>,
): Promise<void> {
  const outdated = webhooks.flatMap(({ name, caBundle }, index) =>
    caBundle === bundle ? [] : [{ index, name }],
  )
  if (outdated.length === 0) return
  await cluster.writeCaBundle(bundle, outdated)
  logger.info('CA bundle published', { webhooks: outdated.length })
}
