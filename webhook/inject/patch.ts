/** The JSON Patch that turns a pod into the injected one: it only adds, and never rewrites what is there. */
import type { AddOperation } from 'fast-json-patch'
import { annotations, injectedStatus } from './annotations.ts'
import { buildAgentContainer } from './containers.ts'
import type { ContainerView, PodView } from './pod.ts'
import type { InjectionSettings } from './settings.ts'
import { buildAppMounts, buildVolumes } from './volumes.ts'

/** RFC 6902, and the only operation that injection needs. */
export type PatchOperation = AddOperation<unknown>

/** In the order of vault-k8s: volumes, app mounts, init container, its siblings' mounts, sidecar, status. */
export function buildPatch(pod: PodView, settings: InjectionSettings): readonly PatchOperation[] {
  const { init, sidecar, prefix } = settings
  const mounts = buildAppMounts(settings)
  const mountAll = (containers: readonly ContainerView[], list: string) =>
    containers.flatMap(({ mountPaths }, index) =>
      append(['spec', list, String(index), 'volumeMounts'], mountPaths, mounts),
    )
  return [
    ...append(['spec', 'volumes'], pod.volumes, buildVolumes(settings)),
    ...mountAll(pod.containers, 'containers'),
    ...(init ? mountAll(pod.initContainers ?? [], 'initContainers') : []),
    ...(init
      ? append(['spec', 'initContainers'], pod.initContainers, [
          buildAgentContainer(settings, 'init'),
        ])
      : []),
    ...(sidecar
      ? append(['spec', 'containers'], pod.containers, [buildAgentContainer(settings, 'sidecar')])
      : []),
    add(['metadata', 'annotations', `${prefix}${annotations.status.key}`], injectedStatus),
  ]
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
