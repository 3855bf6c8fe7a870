/** Which pod is examined in depth, and what an injected one of its kind would look like. */
import type { V1Namespace, V1ObjectMeta, V1Pod, V1PodSpec } from '@kubernetes/client-node'
import jsonPatch from 'fast-json-patch'
import { mutate, type Outcome } from '../../webhook/inject/mutate.ts'
import { type NamespaceView, nameNamespace } from '../../webhook/inject/namespace.ts'
import { findAgent } from '../cluster/agent-containers.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { readIfAllowed } from '../cluster/refusal.ts'
import { listPods, nameTarget, requireObject, type Scope } from '../cluster/target.ts'
import { mountPodToken } from '../manifests/pod-token.ts'
import { type Examination, nameObject, type Subject } from './examination.ts'

/** Of a workload a pod that has an agent, else its template; undefined where no pod or workload was named. Throws `input_invalid`. */
export async function findSubject(
  cluster: Cluster,
  { namespace = '', target }: Scope,
): Promise<Subject | undefined> {
  if (target === undefined || target.resource === 'namespaces') return undefined
  const pods = await listPods(cluster, { namespace, target })
  const pod = pods.find((candidate) => findAgent(candidate) !== undefined)
  const [first] = pods
  if (pod !== undefined) return { pod, namespace, name: nameObject('Pod', pod) }
  const { resource } = target
  if (resource === 'pods' && first !== undefined) {
    return { pod: first, namespace, name: nameObject('Pod', first) }
  }
  if (resource === 'pods') return undefined
  const { metadata, spec } = await requireObject(cluster, { ...target, resource, namespace })
  const template = spec?.template
  const made = makePod(template?.metadata ?? {}, template?.spec ?? { containers: [] }, namespace)
  const { name = '' } = metadata ?? {}
  const [kind = ''] = nameTarget(target).split('/')
  return { pod: made, namespace, name: `template of ${kind} ${namespace}/${name}` }
}

/** What the API server would be asked to create. */
export function makePod(metadata: V1ObjectMeta, spec: V1PodSpec, namespace: string): V1Pod {
  const { labels = {}, annotations = {} } = metadata
  const { nodeName: _, ...rest } = spec
  const generateName = 'claviger-doctor-'
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { generateName, namespace, labels, annotations },
    spec: rest,
  }
}

/** By name alone where the namespace may not be read. */
export async function viewNamespace(cluster: Cluster, name: string): Promise<NamespaceView> {
  const found = await readIfAllowed(() => cluster.find('namespaces', { name }))
  return found === undefined ? nameNamespace(name) : readNamespace(found)
}

export function readNamespace({ metadata }: V1Namespace): NamespaceView {
  const texts = (given: Readonly<Record<string, string>> = {}) => new Map(Object.entries(given))
  const { name = '', labels, annotations } = metadata ?? {}
  return { name, labels: texts(labels), annotations: texts(annotations) }
}

/** The webhook's decision, whatever phase the pod is in by now; with a token where the agent needs that of the pod. */
export function judgePod(
  pod: V1Pod,
  view: NamespaceView,
  { defaults }: Pick<Examination, 'defaults'>,
): { readonly given: object; readonly outcome: Outcome } {
  const given = { ...pod, status: {} }
  const outcome = mutate(given, view, defaults)
  const lacksToken =
    outcome.kind === 'denied' && outcome.issues.some(({ code }) => code === 'token_volume')
  const mounted = lacksToken ? mountPodToken(given) : undefined
  if (typeof mounted !== 'object' || mounted === null) return { given, outcome }
  return { given: mounted, outcome: mutate(mounted, view, defaults) }
}

/** The pod with its agent: as it is, or as the webhook would make it; undefined where it would not. */
export function injectPod(
  pod: V1Pod,
  view: NamespaceView,
  examination: Pick<Examination, 'defaults'>,
): V1Pod | undefined {
  if (findAgent(pod) !== undefined) return pod
  const { given, outcome } = judgePod(pod, view, examination)
  if (outcome.kind !== 'injected') return undefined
  const patch = outcome.patch.map((operation) => ({ ...operation }))
  const copy = structuredClone(given)
  return jsonPatch.applyPatch<V1Pod>(copy, JSON.parse(JSON.stringify(patch))).newDocument
}
