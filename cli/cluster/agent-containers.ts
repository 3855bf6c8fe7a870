/** The agent's containers in a pod of a cluster, and what they are asked. */
import type { V1Container, V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import { agentContainerNames } from '../../webhook/inject/build/containers.ts'
import type { Cluster, CommandResult } from './cluster.ts'

/** `native`: the sidecar is an init container that restarts. */
export type Form = 'init+sidecar' | 'init+native' | 'init only' | 'sidecar only'

export interface AgentContainers {
  readonly form: Form
  readonly init: AgentContainer | undefined
  readonly sidecar: AgentContainer | undefined
}

export interface AgentContainer {
  readonly spec: V1Container
  /** Undefined before the kubelet has told of it. */
  readonly status: V1ContainerStatus | undefined
}

/** Undefined for a pod without an agent. */
export function findAgent({ spec, status }: V1Pod): AgentContainers | undefined {
  const statuses = [...(status?.initContainerStatuses ?? []), ...(status?.containerStatuses ?? [])]
  const find = (list: readonly V1Container[] | undefined, name: string) => {
    const found = list?.find((container) => container.name === name)
    const own = statuses.find((entry) => entry.name === name)
    return found === undefined ? undefined : { spec: found, status: own }
  }
  const init = find(spec?.initContainers, agentContainerNames.init)
  const native = find(spec?.initContainers, agentContainerNames.sidecar)
  const sidecar = native ?? find(spec?.containers, agentContainerNames.sidecar)
  if (init === undefined && sidecar === undefined) return undefined
  return { form: nameForm({ init, sidecar, native }), init, sidecar }
}

function nameForm({
  init,
  sidecar,
  native,
}: Readonly<Record<'init' | 'sidecar' | 'native', AgentContainer | undefined>>): Form {
  if (sidecar === undefined) return 'init only'
  if (init === undefined) return 'sidecar only'
  return native === undefined ? 'init+sidecar' : 'init+native'
}

/** The one that runs now: the sidecar rather than the init container. */
export function findRunning({ init, sidecar }: AgentContainers): AgentContainer | undefined {
  return [sidecar, init].find((container) => container?.status?.state?.running !== undefined)
}

/** Source: docs/waiter.md, "Words". */
const statusCommand = ['/claviger/waiter', 'status', '-json']

const deadlineMs = 10_000

/** What `claviger-agent status -json` says in that container. Throws as `Cluster.exec`. */
export function askStatus(
  cluster: Cluster,
  { metadata }: V1Pod,
  { spec }: AgentContainer,
): Promise<CommandResult> {
  const words = [...(spec.command ?? []), ...(spec.args ?? [])].join(' ')
  const config = /-config=\S+/.exec(words)
  return cluster.exec({
    namespace: metadata?.namespace ?? '',
    pod: metadata?.name ?? '',
    container: spec.name,
    command: [...statusCommand, ...(config ?? [])],
    deadlineMs,
  })
}
