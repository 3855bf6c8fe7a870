/** What serves the webhook: the pods behind its Service, and their Deployment, whatever labels an installation gives them. */
import type { V1Deployment } from '@kubernetes/client-node'
import type { Cluster } from '../cluster/cluster.ts'
import type { Installation } from '../cluster/installation.ts'
import { labels as chartLabels } from '../cluster/installation.ts'
import { attempt } from './result.ts'

export interface Service {
  readonly namespace: string
  readonly name: string
}

export interface Backend {
  /** Of the webhook's pods, as a label selector. */
  readonly podLabels: string
  /** Undefined where there is none, or nobody may look. */
  readonly deployment: V1Deployment | undefined
}

/** Undefined for a webhook that is called by its URL. */
export function findService({ webhooks }: Installation): Service | undefined {
  const services = webhooks.webhooks?.map(({ clientConfig }) => clientConfig.service)
  const service = services?.find((candidate) => candidate !== undefined)
  return service && { namespace: service.namespace, name: service.name }
}

/** Never rejects for want of a permission. */
export async function findBackend(
  cluster: Cluster,
  installation: Installation | undefined,
): Promise<Backend> {
  const place = installation === undefined ? undefined : findService(installation)
  let podLabels = chartLabels
  let deployment: V1Deployment | undefined
  if (place === undefined) return { podLabels, deployment }
  const { namespace } = place
  await attempt([], async () => {
    const { selector = {} } = (await cluster.find('services', place))?.spec ?? {}
    const pairs = Object.entries(selector)
    if (pairs.length === 0) return []
    podLabels = pairs.map(([key, value]) => `${key}=${value}`).join(',')
    const all = await cluster.list('deployments', { namespace })
    deployment = all.find(({ spec }) => {
      const own = spec?.template.metadata?.labels ?? {}
      return pairs.every(([key, value]) => own[key] === value)
    })
    return []
  })
  return { podLabels, deployment }
}
