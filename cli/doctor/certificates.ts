/** Examines the CA bundles of the webhook configuration and the certificates that the webhook's pods serve. */
import { X509Certificate } from 'node:crypto'
import type { V1Pod } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { Installation } from '../cluster/installation.ts'
import { findService, type Service } from './backend.ts'
import type { Examination } from './examination.ts'
import { readInstalled } from './installed-defaults.ts'
import { attempt, type Failure, failed, judge, passed, type Result, skipped } from './result.ts'
import { type ServedCertificate, shakeHands } from './served-certificate.ts'

const dayMs = 86_400_000
const mountedMs = 14 * dayMs
/** An own certificate lives a week and is renewed at half of it. */
const ownMs = dayMs

const bundleChecks = ['ca-bundle-missing', 'ca-bundle-invalid', 'ca-expired', 'ca-expires'] as const

export async function examineCertificates(
  examination: Examination,
  installation: Installation,
): Promise<readonly Result[]> {
  const { now } = examination
  const subject = `MutatingWebhookConfiguration ${installation.webhooks.metadata?.name ?? ''}`
  const entries = (installation.webhooks.webhooks ?? []).map(({ name, clientConfig }) => {
    const bundle = Buffer.from(clientConfig.caBundle ?? '', 'base64').toString('utf8')
    return { detail: `webhook ${name}`, bundle, wrong: judgeBundle(bundle, now) }
  })
  const failures = entries.flatMap(({ detail, wrong }) =>
    wrong === undefined ? [] : [failed(wrong, { subject, detail })],
  )
  const bundles = entries
    .map(({ bundle }) => bundle)
    .filter((bundle) => readEnds(bundle) !== undefined)
  const served = await attempt(['certificate-untrusted', 'certificate-expires'], () =>
    examineServed(examination, findService(installation), bundles),
  )
  const results = failures.length === 0 ? bundleChecks.map((check) => passed(check)) : failures
  return [...results, ...served]
}

/** An old CA may stand beside its successor. */
function judgeBundle(bundle: string, now: number): (typeof bundleChecks)[number] | undefined {
  if (bundle === '') return 'ca-bundle-missing'
  const ends = readEnds(bundle)
  if (ends === undefined) return 'ca-bundle-invalid'
  const end = Math.max(...ends)
  if (end <= now) return 'ca-expired'
  return end < now + mountedMs ? 'ca-expires' : undefined
}

/** Milliseconds since the epoch, of each certificate; undefined for what is no PEM of certificates. */
function readEnds(pem: string): readonly number[] | undefined {
  const blocks = pem.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g)
  try {
    return blocks?.map((block) => Date.parse(new X509Certificate(block).validTo))
  } catch {
    return undefined
  }
}

async function examineServed(
  examination: Examination,
  service: Service | undefined,
  bundles: readonly string[],
): Promise<readonly Result[]> {
  const skip = (reason: string) => [
    skipped('certificate-untrusted', reason),
    skipped('certificate-expires', reason),
  ]
  if (service === undefined) return skip('the webhook is called by its URL')
  if (bundles.length === 0) return skip('there is no CA bundle to verify it by')
  const { cluster, backend, now } = examination
  const pods = (
    await cluster.list('pods', { namespace: service.namespace, labels: backend.podLabels })
  ).filter(isReady)
  if (pods.length === 0) return skip('no pod of the webhook is ready')
  const host = `${service.name}.${service.namespace}.svc`
  const untrusted: Failure[] = []
  const expiring: Failure[] = []
  const own = readInstalled(backend.deployment)?.ownCertificate ?? false
  for (const pod of pods) {
    const found = await readServed(examination, pod, { host, bundle: bundles.join('\n') })
    if (typeof found === 'string') return skip(found)
    const subject = `Pod ${service.namespace}/${pod.metadata?.name ?? ''}`
    const { problem, validTo } = found
    if (problem !== undefined)
      untrusted.push(failed('certificate-untrusted', { subject, detail: problem }))
    const detail = `at ${new Date(validTo).toISOString()}`
    if (validTo < now + (own ? ownMs : mountedMs)) {
      expiring.push(failed('certificate-expires', { subject, detail }))
    }
  }
  return [...judge('certificate-untrusted', untrusted), ...judge('certificate-expires', expiring)]
}

/** A text says why it cannot be had from here. */
async function readServed(
  { cluster }: Examination,
  pod: V1Pod,
  { host, bundle }: { readonly host: string; readonly bundle: string },
): Promise<ServedCertificate | string> {
  const port = pod.spec?.containers[0]?.ports?.find(({ name }) => name === 'https')?.containerPort
  const { namespace = '', name = '' } = pod.metadata ?? {}
  try {
    const connection = await cluster.connect({ namespace, pod: name, port: port ?? 8080 })
    return await shakeHands(connection, { host, bundle })
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return thrown.message
  }
}

function isReady({ status }: V1Pod): boolean {
  return (
    status?.conditions?.some(({ type, status: is }) => type === 'Ready' && is === 'True') ?? false
  )
}
