/** The injected pods of a cluster with what their agents say of themselves. */
import type { V1Pod } from '@kubernetes/client-node'
import type { AgentStatus } from '../../agent/plan/status.ts'
import { AppError } from '../../core/errors.ts'
import {
  type AgentContainers,
  askStatus,
  findAgent,
  findRunning,
} from '../cluster/agent-containers.ts'
import type { Cluster } from '../cluster/cluster.ts'
import { mapLimited } from '../cluster/map-limited.ts'
import { parseReport } from './agent-report.ts'

const atOnce = 8

export interface PodState {
  readonly pod: V1Pod
  readonly agent: AgentContainers
  readonly report: Report
}

export type Report =
  | { readonly kind: 'said'; readonly status: AgentStatus }
  /** The agent is of another make, or keeps no state. */
  | { readonly kind: 'silent' }
  /** None of its containers runs now. */
  | { readonly kind: 'stopped' }
  | { readonly kind: 'unreachable'; readonly error: AppError }

/** Those of `pods` that have an agent. Pods that nobody could ask stay in the list. */
export async function readPods(
  cluster: Cluster,
  pods: readonly V1Pod[],
): Promise<readonly PodState[]> {
  const injected = pods.flatMap((pod) => {
    const agent = findAgent(pod)
    return agent === undefined ? [] : [{ pod, agent }]
  })
  return mapLimited(injected, atOnce, async ({ pod, agent }) => ({
    pod,
    agent,
    report: await readReport(cluster, pod, agent),
  }))
}

/** Never rejects for what keeps one pod from answering. */
async function readReport(cluster: Cluster, pod: V1Pod, agent: AgentContainers): Promise<Report> {
  const running = findRunning(agent)
  if (running === undefined) return { kind: 'stopped' }
  try {
    const { stdout } = await askStatus(cluster, pod, running)
    const status = parseReport(stdout)
    return status === undefined ? { kind: 'silent' } : { kind: 'said', status }
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    return { kind: 'unreachable', error: thrown }
  }
}
