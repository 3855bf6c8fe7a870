/** What of a cluster a verb is about, as it is written on the command line, and its pods. */
import type { V1LabelSelector, V1Pod } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import type { Parsed } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import type { Cluster } from './cluster.ts'
import type { Objects } from './resources.ts'

/** Resource → what else kubectl calls it. */
const kinds = {
  pods: ['pod', 'po'],
  namespaces: ['namespace', 'ns'],
  deployments: ['deployment', 'deploy'],
  statefulsets: ['statefulset', 'sts'],
  daemonsets: ['daemonset', 'ds'],
  replicasets: ['replicaset', 'rs'],
  jobs: ['job'],
} as const

export interface Target {
  readonly resource: keyof typeof kinds
  readonly name: string
}

/** `NAME` of a pod, or `KIND/NAME`. Issue code: `usage`. */
export function parseTarget(text: string): Parsed<Target> {
  const [kind = '', name, ...more] = text.includes('/') ? text.split('/') : ['pod', text]
  const row = Object.entries(kinds).find(([resource, others]) =>
    [resource, ...others].includes(kind.toLowerCase()),
  )
  if (row !== undefined && name && more.length === 0) {
    // The keys of the table are the resources.
    return { kind: 'ok', value: { resource: row[0] as Target['resource'], name } }
  }
  const words = Object.values(kinds).map(([word]) => word)
  const meant = findNearest(kind, words)
  const expected = `the name of a pod, or KIND/NAME with a kind of ${words.join(', ')}`
  const hint = meant === undefined ? {} : { hint: `did you mean ${meant}/${name ?? 'NAME'}?` }
  return { kind: 'issues', issues: [{ code: 'usage', path: text, expected, ...hint }] }
}

export interface Scope {
  /** Undefined for all. */
  readonly namespace: string | undefined
  readonly target: Target | undefined
}

export function nameTarget({ resource, name }: Target): string {
  return `${kinds[resource][0]}/${name}`
}

/** Throws `input_invalid` where there is no such object. */
export async function listPods(cluster: Cluster, scope: Scope): Promise<readonly V1Pod[]> {
  const { namespace, target } = scope
  if (target === undefined) return cluster.list('pods', { namespace })
  const { resource, name } = target
  if (resource === 'namespaces') return cluster.list('pods', { namespace: name })
  if (resource === 'pods') return [await requireObject(cluster, { resource, name, namespace })]
  const { spec } = await requireObject(cluster, { resource, name, namespace })
  const labels = formatSelector(spec?.selector ?? {})
  return labels === '' ? [] : cluster.list('pods', { namespace, labels })
}

interface Wanted<R> {
  readonly resource: R
  readonly name: string
  readonly namespace?: string | undefined
}

/** Throws `input_invalid` where there is none. */
export async function requireObject<R extends Target['resource']>(
  cluster: Cluster,
  { resource, name, namespace }: Wanted<R>,
): Promise<Objects[R]> {
  const object = await cluster.find(resource, { name, namespace })
  if (object !== undefined) return object
  const where = namespace === undefined ? {} : { namespace }
  const reason = 'there is no such object in the cluster'
  throw new AppError('input_invalid', { object: nameTarget({ resource, name }), ...where, reason })
}

/** Source: Kubernetes, the syntax of labelSelector in requests. */
function formatSelector({ matchLabels = {}, matchExpressions = [] }: V1LabelSelector): string {
  const equal = Object.entries(matchLabels).map(([key, value]) => `${key}=${value}`)
  const others = matchExpressions.map(({ key, operator, values = [] }) => {
    const set = `(${values.join(',')})`
    switch (operator) {
      case 'In':
        return `${key} in ${set}`
      case 'NotIn':
        return `${key} notin ${set}`
      case 'Exists':
        return key
      default:
        return `!${key}`
    }
  })
  return [...equal, ...others].join(',')
}
