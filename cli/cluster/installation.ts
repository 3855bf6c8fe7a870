/** What of Claviger is installed in a cluster, found by the chart's labels. */
import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingAdmissionPolicy,
} from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { FlagTable } from '../../core/go-flags.ts'
import type { Cluster } from './cluster.ts'
import { hasStatus } from './refusal.ts'

/** Source: charts/claviger, the labels of everything that belongs to the webhook. */
export const labels = 'app.kubernetes.io/name=claviger,app.kubernetes.io/component=webhook'
const releaseLabel = 'app.kubernetes.io/instance'

export const installationFlags = {
  release: {
    kind: 'text',
    argument: 'NAME',
    help: 'name of the Helm release, where the cluster has several',
  },
} as const satisfies FlagTable

export interface Installation {
  readonly webhooks: V1MutatingWebhookConfiguration
  /** Undefined where there is none, or the cluster knows no policies. */
  readonly policy: V1ValidatingAdmissionPolicy | undefined
}

/** Throws `not_installed`, and `usage` where there are several and no name is given. */
export async function findInstallation(
  cluster: Cluster,
  release: string | undefined,
): Promise<Installation> {
  const selector = release === undefined ? labels : `${labels},${releaseLabel}=${release}`
  const found = await cluster.list('mutatingwebhookconfigurations', { labels: selector })
  const [webhooks, another] = found
  if (webhooks === undefined) {
    const reason = `no MutatingWebhookConfiguration has the labels ${selector}`
    throw new AppError('not_installed', { context: cluster.context, reason })
  }
  if (another !== undefined) {
    const names = found.map(({ metadata }) => metadata?.labels?.[releaseLabel] ?? '')
    throw new AppError('usage', { expected: `-release=NAME, one of ${names.join(', ')}` })
  }
  const policies = await listPolicies(cluster, selector)
  return { webhooks, policy: policies[0] }
}

/** Kubernetes knows them since 1.30. */
async function listPolicies(cluster: Cluster, selector: string) {
  try {
    return await cluster.list('validatingadmissionpolicies', { labels: selector })
  } catch (thrown) {
    if (hasStatus(thrown, 404)) return []
    throw thrown
  }
}
