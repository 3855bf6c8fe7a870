/** Examines the agents of pods: what the kubelet tells of their containers, and what they say themselves. */
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import type { AgentStatus, FailureStatus } from '../../agent/plan/status.ts'
import { formatFailure } from '../../agent/status-text.ts'
import type { AgentContainer, AgentContainers } from '../cluster/agent-containers.ts'
import { type PodState, readPods } from '../status/read-pods.ts'
import type { CheckId } from './checks.ts'
import { type Examination, nameObject } from './examination.ts'
import { type Failure, failed, judge, type Result, skipped } from './result.ts'

const inOrder: readonly CheckId[] = [
  'agent-stuck',
  'agent-failing',
  'agent-crashes',
  'agent-out-of-memory',
  'image-not-pulled',
  'volume-full',
  'native-sidecar-unsupported',
]

const notPulled = ['ImagePullBackOff', 'ErrImagePull', 'InvalidImageName', 'ErrImageNeverPull']

export interface AgentExamination {
  readonly results: readonly Result[]
  readonly states: readonly PodState[]
}

export async function examineAgents(
  { cluster }: Examination,
  pods: readonly V1Pod[],
): Promise<AgentExamination> {
  const states = await readPods(cluster, pods)
  if (states.length === 0) return { states, results: [] }
  const failures = states.flatMap((state) => [
    ...judgeContainers(state.pod, state.agent),
    ...judgeWords(state),
  ])
  const results = inOrder.flatMap((check) =>
    judge(
      check,
      failures.filter((failure) => failure.check === check),
    ),
  )
  return { states, results: [...results, ...noteUnreachable(states)] }
}

function judgeContainers(pod: V1Pod, agent: AgentContainers): readonly Failure[] {
  const containers = [agent.init, agent.sidecar].filter((container) => container !== undefined)
  return [
    ...containers.flatMap((container) => judgeContainer(pod, container)),
    ...judgeEviction(pod),
    ...judgeNative(pod, agent),
  ]
}

function judgeContainer(pod: V1Pod, { spec, status }: AgentContainer): readonly Failure[] {
  const { namespace = '', name = '' } = pod.metadata ?? {}
  const subject = nameObject('Pod', pod)
  const waiting = status?.state?.waiting?.reason ?? ''
  const last = status?.lastState?.terminated ?? status?.state?.terminated
  const log = `kubectl --namespace=${namespace} logs ${name} --container=${spec.name} --previous`
  const fail = (check: CheckId, detail: string, command: string) =>
    failed(check, { subject, detail: `${spec.name}: ${detail}`, command })
  if (notPulled.includes(waiting)) {
    const describe = `kubectl --namespace=${namespace} describe pod ${name}`
    return [fail('image-not-pulled', `${waiting} ${spec.image ?? ''}`, describe)]
  }
  const found: Failure[] = []
  if (last?.reason === 'OOMKilled') {
    const limit = spec.resources?.limits?.['memory'] ?? 'none'
    found.push(fail('agent-out-of-memory', `limit ${limit}`, log))
  }
  if (waiting !== 'CrashLoopBackOff' && !endsAgain(status)) return found
  const times = `${status?.restartCount ?? 0} restarts, exit code ${last?.exitCode ?? 'unknown'}`
  return [...found, fail('agent-crashes', times, log)]
}

/** Between its end and the pause before the next start the kubelet tells of the end alone. */
function endsAgain(status: V1ContainerStatus | undefined): boolean {
  const { exitCode = 0 } = status?.state?.terminated ?? {}
  return exitCode !== 0 && (status?.restartCount ?? 0) > 0
}

/** Source: Kubernetes, the message of the eviction manager. */
function judgeEviction(pod: V1Pod): readonly Failure[] {
  const [, volume] =
    /EmptyDir volume "((?:vault|home)-[^"]*)" exceeds/.exec(pod.status?.message ?? '') ?? []
  if (pod.status?.reason !== 'Evicted' || volume === undefined) return []
  return [failed('volume-full', { subject: nameObject('Pod', pod), detail: `volume ${volume}` })]
}

/** An API server that does not know the field drops it. */
function judgeNative(pod: V1Pod, { sidecar }: AgentContainers): readonly Failure[] {
  const isInit = pod.spec?.initContainers?.some(({ name }) => name === sidecar?.spec.name)
  if (!isInit || sidecar?.spec.restartPolicy === 'Always') return []
  return [failed('native-sidecar-unsupported', { subject: nameObject('Pod', pod), detail: '' })]
}

function judgeWords({ pod, agent, report }: PodState): readonly Failure[] {
  if (report.kind !== 'said') return []
  const [wrong, path] = findFailure(report.status)
  if (wrong === undefined) return []
  const isStarting = agent.init?.status?.state?.running !== undefined
  const { namespace = '', name = '' } = pod.metadata ?? {}
  const container = (isStarting ? agent.init : agent.sidecar)?.spec.name ?? ''
  return [
    failed(isStarting ? 'agent-stuck' : 'agent-failing', {
      subject: nameObject('Pod', pod),
      detail: `${formatFailure(wrong)}${path === '' ? '' : ` at ${path}`}`,
      command: `kubectl --namespace=${namespace} logs ${name} --container=${container}`,
    }),
  ]
}

function findFailure({ loginFailure, secrets }: AgentStatus): [FailureStatus | undefined, string] {
  if (loginFailure !== undefined) return [loginFailure, '']
  const failing = secrets.find(({ failure }) => failure !== undefined)
  return [failing?.failure, failing?.path ?? '']
}

function noteUnreachable(states: readonly PodState[]): readonly Result[] {
  const errors = states.flatMap(({ report }) =>
    report.kind === 'unreachable' ? [report.error] : [],
  )
  const [first] = errors
  if (first === undefined) return judge('agent-not-reachable', [])
  // A permission that is missing is no fault of the cluster's.
  if (first.facts['status'] === 403) return [skipped('agent-not-reachable', first.message)]
  const unreachable = states.filter(({ report }) => report.kind === 'unreachable')
  return unreachable.map(({ pod, report }) =>
    failed('agent-not-reachable', {
      subject: nameObject('Pod', pod),
      detail: report.kind === 'unreachable' ? report.error.message : '',
    }),
  )
}
