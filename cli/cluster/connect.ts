/** Opens the cluster that the flags choose. Loading this file loads the Kubernetes client. */
import type { KubeConfig } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import { isObject } from '../../core/plain-object.ts'
import type { Terminal } from '../terminal.ts'
import type { Answer, Change, Cluster, Creation, ListQuery } from './cluster.ts'
import type { ClusterChoice } from './flags.ts'
import { loadKubeconfig } from './kubeconfig.ts'
import { connectToPod, runInPod } from './pod-streams.ts'
import { type Operation, refuse } from './refusal.ts'
import { ask } from './request.ts'
import { type Objects, type Place, pathOf, type Resource } from './resources.ts'

const pageSize = 500

/** Throws `config_invalid`; nothing is asked of the cluster yet. */
export function openCluster(
  choice: ClusterChoice,
  { variables }: Pick<Terminal, 'variables'>,
): Cluster {
  return createCluster(loadKubeconfig(choice, variables), choice.namespace)
}

export function createCluster(config: KubeConfig, namespace: string | undefined): Cluster {
  const context = config.getCurrentContext()
  return {
    context,
    namespace: namespace ?? config.getContextObject(context)?.namespace ?? 'default',
    user: config.getCurrentUser()?.name ?? '',
    find: (resource, place) => find(config, resource, place),
    list: (resource, query) => list(config, resource, query),
    create: (resource, creation) => create(config, resource, creation),
    patch: (resource, change) => patch(config, resource, change),
    exec: (command) => runInPod(config, command),
    connect: (place) => connectToPod(config, place),
  }
}

async function find<R extends Resource>(
  config: KubeConfig,
  resource: R,
  place: Place,
): Promise<Objects[R] | undefined> {
  const answer = await ask(config, { method: 'GET', path: pathOf(resource, place) })
  if (answer.status === 404) return undefined
  // The API server's objects have the shape that is documented for their resource.
  return expectBody(answer, { verb: 'get', resource, ...place }) as Objects[R]
}

async function list<R extends Resource>(
  config: KubeConfig,
  resource: R,
  { namespace, labels, fields }: ListQuery,
): Promise<readonly Objects[R][]> {
  const items: Objects[R][] = []
  const filters = {
    limit: String(pageSize),
    ...(labels === undefined ? {} : { labelSelector: labels }),
    ...(fields === undefined ? {} : { fieldSelector: fields }),
  }
  let token = ''
  do {
    const query = token === '' ? filters : { ...filters, continue: token }
    const answer = await ask(config, {
      method: 'GET',
      path: pathOf(resource, { namespace }),
      query,
    })
    const page = expectBody(answer, { verb: 'list', resource, namespace })
    // As above.
    if (Array.isArray(page['items'])) items.push(...(page['items'] as Objects[R][]))
    const metadata = isObject(page['metadata']) ? page['metadata'] : {}
    token = typeof metadata['continue'] === 'string' ? metadata['continue'] : ''
  } while (token !== '')
  return items
}

async function create(
  config: KubeConfig,
  resource: Resource,
  { body, dryRun = false, ...place }: Creation,
): Promise<Answer> {
  const query = dryRun ? { dryRun: 'All' } : {}
  return ask(config, { method: 'POST', path: pathOf(resource, place), query, body })
}

async function patch(
  config: KubeConfig,
  resource: Resource,
  { operations, dryRun = false, ...place }: Change,
): Promise<void> {
  const answer = await ask(config, {
    method: 'PATCH',
    path: pathOf(resource, place),
    query: { fieldManager: 'claviger-cli', ...(dryRun ? { dryRun: 'All' } : {}) },
    body: operations,
    contentType: 'application/json-patch+json',
  })
  expectBody(answer, { verb: 'patch', resource, ...place })
}

function expectBody(
  { status, body }: Answer,
  operation: Operation,
): Readonly<Record<string, unknown>> {
  if (status < 200 || status > 299) throw refuse(operation, status)
  if (isObject(body)) return body
  const server = 'the API server'
  throw new AppError('kubernetes_unreachable', {
    server,
    reason: 'it answered something else than JSON',
  })
}
