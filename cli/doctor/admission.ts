/** Examines admission by the real API server: a pod in a dry run, and why it was refused or left as it is. */
import type { V1Pod } from '@kubernetes/client-node'
import { deniedNamespaces } from '../../webhook/inject/decide.ts'
import type { NamespaceView } from '../../webhook/inject/namespace.ts'
import { guardOfWebhooks, readDisarming } from '../break-glass/condition.ts'
import { findAgent } from '../cluster/agent-containers.ts'
import type { Answer } from '../cluster/cluster.ts'
import type { Installation } from '../cluster/installation.ts'
import { refuse } from '../cluster/refusal.ts'
import { read } from '../manifests/objects.ts'
import type { Examination, Subject } from './examination.ts'
import { probePod } from './probe-pod.ts'
import { failed, judge, passed, type Result, skipped } from './result.ts'
import { explainExclusion } from './selectors.ts'
import { judgePod, makePod, viewNamespace } from './subject.ts'

/** A pod of our own, or the subject where it lacks its agent: that is the pod in question. */
export async function examineAdmission(
  examination: Examination,
  installation: Installation,
  subject: Subject | undefined,
): Promise<readonly Result[]> {
  const namespace = subject?.namespace ?? chooseNamespace(examination)
  const view = await viewNamespace(examination.cluster, namespace)
  const tried =
    subject !== undefined && lacksAgent(subject, view, examination)
      ? { pod: remake(subject, namespace), name: subject.name }
      : { pod: probePod(namespace), name: `a pod in namespace ${namespace}` }
  const podLabels = subject?.pod.metadata?.labels ?? {}
  const left = explainLeftOut(installation, {
    pod: podLabels,
    namespace: { 'kubernetes.io/metadata.name': namespace, ...Object.fromEntries(view.labels) },
  })
  const place = { subject: subject?.name ?? `namespace ${namespace}` }
  const covered = judge(
    'pod-left-out',
    left === undefined ? [] : [failed('pod-left-out', { ...place, detail: left })],
  )
  // What is told there need not be told again.
  if (left !== undefined) return covered
  const answer = await examination.cluster.create('pods', {
    namespace,
    body: tried.pod,
    dryRun: true,
  })
  return [
    ...covered,
    explainAnswer(answer, { examination, installation, namespace, name: tried.name }),
  ]
}

/** One whose pods are injected at all. */
function chooseNamespace({ scope, defaults }: Examination): string {
  const { namespace = 'default' } = scope
  const isDenied = [...deniedNamespaces, defaults.ownNamespace].includes(namespace)
  return isDenied ? 'default' : namespace
}

/** Whether it asks for one and has none. */
function lacksAgent(
  { pod }: Subject,
  view: NamespaceView,
  { defaults }: Pick<Examination, 'defaults'>,
): boolean {
  if (findAgent(pod) !== undefined) return false
  return judgePod(pod, view, { defaults }).outcome.kind !== 'skipped'
}

/** Without what an earlier agent or the kubelet left there. */
function remake({ pod }: Subject, namespace: string): V1Pod {
  return makePod(pod.metadata ?? {}, pod.spec ?? { containers: [] }, namespace)
}

function explainLeftOut(
  { webhooks }: Installation,
  labels: Parameters<typeof explainExclusion>[1],
): string | undefined {
  const reasons = (webhooks.webhooks ?? []).map((entry) => explainExclusion(entry, labels))
  return reasons.includes(undefined) ? undefined : (reasons[0] ?? 'it has no webhooks')
}

interface Tried {
  readonly examination: Examination
  readonly installation: Installation
  readonly name: string
  readonly namespace: string
}

function explainAnswer({ status, body }: Answer, tried: Tried): Result {
  const check = 'injection-fails'
  const { name: subject } = tried
  if (status >= 200 && status < 300) {
    // What was created is a pod.
    const pod = body as V1Pod
    if (findAgent(pod) !== undefined) return passed(check, subject)
    return failed(check, { subject, detail: explainSilence(tried) })
  }
  const message = String(read(body, ['message']) ?? '')
  const ours = describeRefusal(message, tried.installation)
  if (ours !== undefined) return failed(check, { subject, detail: ours })
  const operation = { verb: 'create', resource: 'pods' } as const
  const error = refuse({ ...operation, namespace: tried.namespace }, status)
  // Quotas and other webhooks refuse pods too; what they say may quote the pod.
  const [, other] = /admission webhook "([^"]+)"/.exec(message) ?? []
  return skipped(
    check,
    other === undefined ? error.message : `the webhook ${other} refuses the pod`,
  )
}

/** The words of our webhook and policy, and the API server's about calling them; undefined for those of others. */
function describeRefusal(message: string, { webhooks, policy }: Installation): string | undefined {
  const names = (webhooks.webhooks ?? []).map(({ name }) => `webhook "${name}"`)
  const policies = policy?.metadata?.name === undefined ? [] : [`Policy '${policy.metadata.name}'`]
  if (![...names, ...policies].some((name) => message.includes(name))) return undefined
  return message.replace(/^Internal error occurred: /, '')
}

function explainSilence({ examination, installation }: Tried): string {
  const disarming = readDisarming(guardOfWebhooks(installation.webhooks))
  if (disarming !== undefined && disarming.until > examination.now) return 'it is disarmed'
  const open = installation.webhooks.webhooks?.some(
    ({ failurePolicy }) => failurePolicy === 'Ignore',
  )
  return open
    ? 'it came back without an agent: a matchCondition leaves it out, or the webhook cannot be called, which failurePolicy Ignore hides'
    : 'it came back without an agent: a matchCondition of the webhook configuration leaves it out'
}
