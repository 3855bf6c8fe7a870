/** What of Claviger is installed in a cluster, found by the chart's labels. */
import type {
  V1MutatingWebhookConfiguration,
  V1ValidatingAdmissionPolicy,
} from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { FlagTable } from '../../core/go-flags.ts'
import type { Cluster, ListQuery } from './cluster.ts'
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
  webhook: {
    kind: 'text',
    argument: 'NAME',
    help: 'name of the MutatingWebhookConfiguration, where it has not the labels of our chart',
  },
} as const satisfies FlagTable

/** Which installation; undefined parts for the only one. */
export interface InstallationChoice {
  readonly release?: string | undefined
  readonly webhook?: string | undefined
}

export interface Installation {
  readonly webhooks: V1MutatingWebhookConfiguration
  /** Undefined where there is none, or the cluster knows no policies. */
  readonly policy: V1ValidatingAdmissionPolicy | undefined
}

/** Throws `not_installed`, and `usage` where there are several and no name is given. */
export async function findInstallation(
  cluster: Cluster,
  { release, webhook }: InstallationChoice,
): Promise<Installation> {
  const selector = release === undefined ? labels : `${labels},${releaseLabel}=${release}`
  const query =
    webhook === undefined ? { labels: selector } : { fields: `metadata.name=${webhook}` }
  const found = await cluster.list('mutatingwebhookconfigurations', query)
  const [webhooks, another] = found
  if (webhooks === undefined) {
    const wanted = webhook === undefined ? `has the labels ${selector}` : `is called ${webhook}`
    const reason = `no MutatingWebhookConfiguration ${wanted}`
    throw new AppError('not_installed', { context: cluster.context, reason })
  }
  if (another !== undefined) {
    const names = found.map(({ metadata }) => metadata?.labels?.[releaseLabel] ?? '')
    throw new AppError('usage', { expected: `-release=NAME, one of ${names.join(', ')}` })
  }
  const policies = await listPolicies(cluster, query)
  return { webhooks, policy: policies[0] }
}

/** Found as the webhooks are: the chart gives both the same name and labels. Kubernetes knows policies since 1.30. */
async function listPolicies(cluster: Cluster, query: ListQuery) {
  try {
    return await cluster.list('validatingadmissionpolicies', query)
  } catch (thrown) {
    if (hasStatus(thrown, 404)) return []
    throw thrown
  }
}
