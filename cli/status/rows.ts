/** What the table of `claviger status` shows of a pod. */
import type { V1ContainerState } from '@kubernetes/client-node'
import type { AgentStatus, FailureStatus } from '../../agent/plan/status.ts'
import { formatFailure } from '../../agent/status-text.ts'
import type { AgentContainer, AgentContainers, Form } from '../cluster/agent-containers.ts'
import type { PodState } from './read-pods.ts'

export interface StatusRow {
  readonly namespace: string
  readonly pod: string
  readonly form: Form
  /** `ready`, `done`, or what keeps it from being so. */
  readonly agent: string
  readonly restarts: number
  /** Milliseconds since the epoch; undefined where the agent did not say, or there is nothing to say. */
  readonly secrets: number | undefined
  readonly oldest: number | undefined
  readonly next: number | undefined
  readonly ends: number | undefined
  /** The error of the agent, or why it said nothing; empty for none. */
  readonly problem: string
  readonly node: string
  readonly image: string
}

export function describePod({ pod, agent, report }: PodState): StatusRow {
  const container = agent.sidecar ?? agent.init
  const said = report.kind === 'said' ? report.status : undefined
  const secrets = said?.secrets ?? []
  return {
    namespace: pod.metadata?.namespace ?? '',
    pod: pod.metadata?.name ?? '',
    form: agent.form,
    agent: describeAgent(agent, said),
    restarts: (agent.init?.status?.restartCount ?? 0) + (agent.sidecar?.status?.restartCount ?? 0),
    secrets: said === undefined ? undefined : secrets.length,
    oldest: smallest(secrets.map(({ readAt }) => readAt)),
    next: smallest(secrets.map(({ nextAt }) => nextAt)),
    ends: smallest(secrets.map(({ expiresAt }) => expiresAt)),
    problem: describeProblem(report, said),
    node: pod.spec?.nodeName ?? '',
    image: container?.spec.image ?? '',
  }
}

function describeAgent({ init, sidecar }: AgentContainers, said: AgentStatus | undefined): string {
  const initState = init?.status?.state
  const isStarting = init !== undefined && initState?.terminated?.exitCode !== 0
  const container: AgentContainer | undefined = isStarting ? init : (sidecar ?? init)
  const state: V1ContainerState = container?.status?.state ?? {}
  if (state.terminated?.exitCode === 0) return 'done'
  const reason = state.waiting?.reason ?? state.terminated?.reason
  if (reason !== undefined && reason !== 'PodInitializing') return reason
  if (isStarting) return 'starting'
  if (state.running === undefined) return 'waiting'
  return said === undefined || said.ready ? 'ready' : 'not ready'
}

function describeProblem(report: PodState['report'], said: AgentStatus | undefined): string {
  if (report.kind === 'unreachable') return `not reachable: ${describeCause(report.error.facts)}`
  if (said === undefined) return ''
  const failure = said.loginFailure ?? firstFailure(said)
  if (failure !== undefined) return formatFailure(failure)
  return said.files.some(({ stale }) => stale) ? 'secret_stale' : ''
}

function describeCause(facts: Readonly<Record<string, unknown>>): string {
  const { status, cause } = facts
  if (status === 403) return 'exec is not allowed'
  return status === undefined ? String(cause ?? 'no answer') : `status ${status}`
}

function firstFailure({ secrets }: AgentStatus): FailureStatus | undefined {
  return secrets.map(({ failure }) => failure).find((failure) => failure !== undefined)
}

function smallest(times: readonly (number | undefined)[]): number | undefined {
  const known = times.filter((time) => time !== undefined)
  return known.length === 0 ? undefined : Math.min(...known)
}
