/** What serves the webhook: the pods behind its Service, and their Deployment, whatever labels an installation gives them. */
import type { V1Deployment } from '@kubernetes/client-node'
import type { Cluster } from '../cluster/cluster.ts'
import { labels as chartLabels, type Installation } from '../cluster/installation.ts'
import { readIfAllowed } from '../cluster/refusal.ts'

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
  const unknown = { podLabels: chartLabels, deployment: undefined }
  if (place === undefined) return unknown
  const found = await readIfAllowed(async () => {
    const service = await cluster.find('services', place)
    const pairs = Object.entries(service?.spec?.selector ?? {})
    if (pairs.length === 0) return unknown
    const podLabels = pairs.map(([key, value]) => `${key}=${value}`).join(',')
    const all = await cluster.list('deployments', { namespace: place.namespace })
    const deployment = all.find(({ spec }) => {
      const own = spec?.template.metadata?.labels ?? {}
      return pairs.every(([key, value]) => own[key] === value)
    })
    return { podLabels, deployment }
  })
  return found ?? unknown
}
