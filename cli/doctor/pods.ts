/** Examines pods and workloads: who asks for an agent and has none, and what the webhook would say of the templates. */
import type { V1Pod } from '@kubernetes/client-node'
import { formatIssue } from '../../core/issue.ts'
import { type NamespaceView, nameNamespace } from '../../webhook/inject/namespace.ts'
import { findAgent } from '../cluster/agent-containers.ts'
import { readIfAllowed } from '../cluster/refusal.ts'
import { type Examination, nameObject } from './examination.ts'
import { describeMending } from './mending.ts'
import { attempt, type Failure, failed, judge, type Result } from './result.ts'
import { judgePod, readNamespace, viewNamespace } from './subject.ts'
import { examineTemplates } from './templates.ts'

export async function examinePods(
  examination: Examination,
  pods: readonly V1Pod[],
): Promise<readonly Result[]> {
  const views = await viewNamespaces(examination, pods)
  const failures = pods.flatMap((pod) => {
    const view = views.get(pod.metadata?.namespace ?? '')
    return view === undefined ? [] : examinePod(examination, pod, view)
  })
  const templates = await attempt(
    ['annotation-misplaced', 'annotation-problem', 'annotation-warning'],
    () => examineTemplates(examination, views),
  )
  return [...judge('not-injected', failures), ...templates]
}

/** Where they may not be read they are known by name alone. */
async function viewNamespaces(
  { cluster, scope }: Examination,
  pods: readonly V1Pod[],
): Promise<ReadonlyMap<string, NamespaceView>> {
  const { namespace } = scope
  if (namespace !== undefined) {
    return new Map([[namespace, await viewNamespace(cluster, namespace)]])
  }
  const all = (await readIfAllowed(() => cluster.list('namespaces', {}))) ?? []
  const named = pods.map(({ metadata }) => nameNamespace(metadata?.namespace ?? ''))
  return new Map([...named, ...all.map(readNamespace)].map((view) => [view.name, view]))
}

function examinePod(examination: Examination, pod: V1Pod, view: NamespaceView): readonly Failure[] {
  const isOver = ['Succeeded', 'Failed'].includes(pod.status?.phase ?? '')
  if (isOver || findAgent(pod) !== undefined) return []
  const { outcome } = judgePod(pod, view, examination)
  if (outcome.kind === 'skipped') return []
  const issues = outcome.kind === 'denied' ? outcome.issues.map(formatIssue) : []
  const detail = issues.length === 0 ? describeAge(examination, pod) : issues.join('; ')
  // Making it anew helps only where the webhook would let it in.
  const command = issues.length === 0 ? { command: describeMending(pod) } : {}
  return [failed('not-injected', { subject: nameObject('Pod', pod), detail, ...command })]
}

function describeAge({ installation }: Examination, { metadata }: V1Pod): string {
  const created = String(metadata?.creationTimestamp ?? '')
  const installed = installation?.webhooks.metadata?.creationTimestamp
  if (installed === undefined) return `created at ${created}`
  return Date.parse(created) < Date.parse(String(installed))
    ? `created at ${created}, before Claviger was installed`
    : `created at ${created}, when the webhook was left out, disarmed or could not be called`
}
