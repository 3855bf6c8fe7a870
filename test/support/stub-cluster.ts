/** A cluster of canned objects behind the port of the command line's verbs. */
import type { Answer, Cluster, CommandResult, Creation } from '../../cli/cluster/cluster.ts'
import type { Objects, Resource } from '../../cli/cluster/resources.ts'
import { read } from '../../cli/manifests/objects.ts'
import { AppError } from '../../core/errors.ts'

export interface Stub {
  readonly objects?: { readonly [R in Resource]?: readonly Objects[R][] }
  /** Resource → true where it may not be read. */
  readonly forbidden?: readonly Resource[]
  readonly create?: (resource: Resource, creation: Creation) => Answer
  readonly exec?: (pod: string) => CommandResult
  readonly connect?: Cluster['connect']
}

/** Labels and fields of lists are not looked at. */
export function createStubCluster(stub: Stub): Cluster {
  const refuse = (operation: string): never => {
    throw new AppError('kubernetes_refused', { operation, status: 403 })
  }
  const list = <R extends Resource>(resource: R, namespace: string | undefined) => {
    if (stub.forbidden?.includes(resource)) refuse(`list ${resource}`)
    const objects: readonly Objects[R][] = stub.objects?.[resource] ?? []
    const placeOf = (object: unknown) => read(object, ['metadata', 'namespace'])
    return objects.filter((object) => namespace === undefined || placeOf(object) === namespace)
  }
  return {
    context: 'stub',
    namespace: 'demo',
    user: 'tester',
    find: async (resource, { namespace, name }) =>
      list(resource, namespace).find((object) => read(object, ['metadata', 'name']) === name),
    list: async (resource, { namespace }) => list(resource, namespace),
    create: async (resource, creation) =>
      stub.create?.(resource, creation) ?? refuse(`create ${resource}`),
    patch: async () => refuse('patch'),
    exec: async ({ pod }) => stub.exec?.(pod) ?? refuse('create pods/exec'),
    connect: stub.connect ?? (async () => refuse('create pods/portforward')),
  }
}
