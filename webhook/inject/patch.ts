/** The JSON Patch that turns a pod into the injected one: it only adds, and never rewrites what is there. */
import type { AddOperation } from 'fast-json-patch'
import { annotations, injectedStatus } from './annotations.ts'
import { buildAgentContainer } from './containers.ts'
import type { ContainerView, PodView } from './pod.ts'
import type { InjectionSettings } from './settings.ts'
import { buildAppMounts, buildVolumes } from './volumes.ts'

/** The two lists of containers in a pod's spec. */
export type ContainerList = 'containers' | 'initContainers'

/** RFC 6902, and the only operation that injection needs. */
export type PatchOperation = AddOperation<unknown>

/** Volumes, mounts, init container, process namespace, sidecar, status; mounts first, since an init container in front moves the others. */
export function buildPatch(pod: PodView, settings: InjectionSettings): readonly PatchOperation[] {
  const { init, sidecar, prefix } = settings
  const mounts = buildAppMounts(settings)
  const mountAll = (containers: readonly ContainerView[], list: ContainerList) =>
    containers.flatMap((container, index) =>
      seesSecrets(container, list, settings)
        ? append(['spec', list, String(index), 'volumeMounts'], container.mounts, mounts)
        : [],
    )
  return [
    ...append(['spec', 'volumes'], pod.volumes, buildVolumes(settings)),
    ...mountAll(pod.containers, 'containers'),
    ...mountAll(pod.initContainers ?? [], 'initContainers'),
    ...(init ? addInitContainer(pod, settings) : []),
    ...shareProcesses(pod, settings),
    ...(sidecar
      ? append(['spec', 'containers'], pod.containers, [buildAgentContainer(settings, 'sidecar')])
      : []),
    add(['metadata', 'annotations', `${prefix}${annotations.status.key}`], injectedStatus),
  ]
}

/** Init containers see the secrets whenever an agent runs before the app. Source: vault-k8s. */
export function seesSecrets(
  { name }: ContainerView,
  list: ContainerList,
  { init, placement }: InjectionSettings,
): boolean {
  if (list === 'initContainers') return init
  return placement.containers?.includes(name) ?? true
}

function addInitContainer(
  { initContainers }: PodView,
  settings: InjectionSettings,
): readonly PatchOperation[] {
  const agent = buildAgentContainer(settings, 'init')
  const path = ['spec', 'initContainers']
  return settings.placement.initFirst && initContainers !== undefined
    ? [add([...path, '0'], agent)]
    : append(path, initContainers, [agent])
}

function shareProcesses(
  { shareProcessNamespace }: PodView,
  { placement }: InjectionSettings,
): readonly PatchOperation[] {
  const wanted = placement.shareProcessNamespace
  if (wanted === undefined || shareProcessNamespace !== undefined) return []
  return [add(['spec', 'shareProcessNamespace'], wanted)]
}

/** One operation an element, or one for the whole array where there is none yet. */
function append(
  path: readonly string[],
  existing: readonly unknown[] | undefined,
  elements: readonly unknown[],
): readonly PatchOperation[] {
  if (existing === undefined) return [add(path, elements)]
  return elements.map((element) => add([...path, '-'], element))
}

function add(path: readonly string[], value: unknown): PatchOperation {
  return { op: 'add', path: formatPointer(path), value }
}

/** Source: RFC 6901, section 3. */
export function formatPointer(segments: readonly string[]): string {
  return segments
    .map((segment) => `/${segment.replaceAll('~', '~0').replaceAll('/', '~1')}`)
    .join('')
}
