/** The JSON Patch that turns a pod into the injected one: it only adds, and never rewrites what is there. */
import jsonPatch, { type Operation } from 'fast-json-patch'
import { isObject } from '../../../core/plain-object.ts'
import { annotations, injectedStatus } from '../annotations/annotations.ts'
import type { ContainerView, PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import { containerType } from '../stock/container-type.ts'
import { convert } from '../stock/go-type.ts'
import { agentContainerNames, buildAgentContainer } from './containers.ts'
import { formatPointer } from './patch-pointer.ts'
import { type AgentRole, buildAppMounts, buildVolumeGroups, type ContainerList } from './volumes.ts'

/** RFC 6902; profile `claviger` needs no other operation than `add`. */
export type PatchOperation = Operation

export interface BuiltPatch {
  readonly patch: readonly PatchOperation[]
  readonly problems: readonly Problem[]
}

/** Volumes, mounts, init containers, process namespace, sidecar, status; mounts first, since init containers in front move the others. */
export function buildPatch(pod: PodView, settings: InjectionSettings): BuiltPatch {
  const { init, sidecar, native } = settings.placement
  const roles: readonly AgentRole[] = [
    ...(init ? (['init'] as const) : []),
    ...(sidecar ? (['sidecar'] as const) : []),
  ]
  const built = new Map(roles.map((role) => [role, buildAgentContainer(settings, role)]))
  const isInit = (role: AgentRole) => role === 'init' || native
  const pick = (wanted: boolean) =>
    [...built].flatMap(([role, { container }]) => (isInit(role) === wanted ? [container] : []))
  const patch = [
    ...addVolumes(pod, settings),
    ...retypeInitContainers(pod, settings),
    ...mountAll(pod.containers, 'containers', settings),
    ...mountAll(pod.initContainers ?? [], 'initContainers', settings),
    ...addInitContainers(pod, settings, pick(true)),
    ...shareProcesses(pod, settings),
    ...append(['spec', 'containers'], pod.containers, pick(false)),
    ...addPullSecrets(pod, settings),
    add(['metadata', 'annotations', `${settings.prefix}${annotations.status.key}`], injectedStatus),
  ]
  return { patch, problems: listOnce([...built.values()].flatMap(({ problems }) => problems)) }
}

/** Both containers have what is wrong with their common configuration. */
function listOnce(problems: readonly Problem[]): readonly Problem[] {
  return [...new Map(problems.map((problem) => [JSON.stringify(problem), problem])).values()]
}

/** vault-k8s looks at the volumes of the original pod each time: without any, each group replaces the one before. */
function addVolumes(pod: PodView, settings: InjectionSettings): readonly PatchOperation[] {
  const groups = buildVolumeGroups(settings)
  const path = ['spec', 'volumes']
  if (!settings.profile.lenient) return append(path, pod.volumes, groups.flat())
  return groups.flatMap((group) => appendGroup(path, pod.volumes, group))
}

/** Like `append`, with an empty array being none. */
function appendGroup(
  path: readonly string[],
  existing: readonly unknown[] | undefined,
  elements: readonly unknown[],
): readonly PatchOperation[] {
  return append(path, existing?.length === 0 ? undefined : existing, elements)
}

function mountAll(
  containers: readonly ContainerView[],
  list: ContainerList,
  settings: InjectionSettings,
): readonly PatchOperation[] {
  return containers.flatMap((container, index) => {
    // Source: vault-k8s, which takes an init container of that name for its own.
    if (list === 'initContainers' && container.name === agentContainerNames.init) return []
    const path = ['spec', list, String(index), 'volumeMounts']
    const { mounts } = container
    return appendGroup(path, mounts, buildAppMounts(container, list, settings))
  })
}

function addInitContainers(
  { initContainers }: PodView,
  settings: InjectionSettings,
  agents: readonly unknown[],
): readonly PatchOperation[] {
  const path = ['spec', 'initContainers']
  const { initIndex } = settings.placement
  if (agents.length === 0) return []
  if (initContainers === undefined || initIndex === initContainers.length) {
    return appendGroup(path, initContainers, agents)
  }
  return agents.map((agent, offset) => add([...path, String(initIndex + offset)], agent))
}

/** With the agent in front, vault-k8s takes the init containers out and puts them back through Kubernetes' types, which lose what they do not know. */
function retypeInitContainers(
  { initContainers = [] }: PodView,
  { placement, profile }: InjectionSettings,
): readonly PatchOperation[] {
  if (!profile.lenient || !placement.init || placement.initIndex > 0) return []
  return initContainers.flatMap(({ json }, index) => {
    const typed = convert(containerType, json, '')
    if (typed.kind === 'problem' || !isObject(typed.value)) return []
    return jsonPatch.compare(json, typed.value).map((operation) => ({
      ...operation,
      path: `${formatPointer(['spec', 'initContainers', String(index)])}${operation.path}`,
    }))
  })
}

function shareProcesses(
  { shareProcessNamespace }: PodView,
  { placement, profile }: InjectionSettings,
): readonly PatchOperation[] {
  const wanted = placement.shareProcessNamespace
  if (wanted === undefined || (profile.lenient && !placement.init)) return []
  if (shareProcessNamespace !== undefined && !profile.lenient) return []
  return [add(['spec', 'shareProcessNamespace'], wanted)]
}

function addPullSecrets(
  { pullSecrets }: PodView,
  { agent }: InjectionSettings,
): readonly PatchOperation[] {
  const missing = agent.pullSecrets.filter((name) => pullSecrets?.includes(name) !== true)
  const elements = missing.map((name) => ({ name }))
  return elements.length === 0 ? [] : append(['spec', 'imagePullSecrets'], pullSecrets, elements)
}

/** One operation an element, or one for the whole array where there is none yet. */
function append(
  path: readonly string[],
  existing: readonly unknown[] | undefined,
  elements: readonly unknown[],
): readonly PatchOperation[] {
  if (elements.length === 0) return []
  if (existing === undefined) return [add(path, elements)]
  return elements.map((element) => add([...path, '-'], element))
}

function add(path: readonly string[], value: unknown): PatchOperation {
  return { op: 'add', path: formatPointer(path), value }
}
