/** Names and mount paths of the pod's own that injection would need. */
import { annotations } from '../annotations/annotations.ts'
import { contains } from '../kinds/path-kinds.ts'
import type { ContainerView, PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import { agentContainerNames } from './containers.ts'
import {
  buildOwnMounts,
  buildVolumeGroups,
  type ContainerList,
  listSeenVolumes,
} from './volumes.ts'

/** Without this the API server would refuse the patched pod in words that name no cause. Problem code `pod_conflict`. */
export function findCollisions(pod: PodView, settings: InjectionSettings): readonly Problem[] {
  return [
    ...findTakenVolumes(pod, settings),
    ...findTakenContainers(pod),
    ...findTakenMounts(pod.containers, 'containers', settings),
    ...findTakenMounts(pod.initContainers ?? [], 'initContainers', settings),
    ...findTakenCopies(settings),
  ]
}

function findTakenVolumes({ volumes }: PodView, settings: InjectionSettings): readonly Problem[] {
  const ours = new Set(
    buildVolumeGroups(settings).flatMap((group) => group.map(({ name }) => name)),
  )
  return (volumes ?? []).flatMap(({ name }, index) =>
    ours.has(name)
      ? [conflict(`spec.volumes[${index}].name`, `a name other than ${name}, which is the agent's`)]
      : [],
  )
}

function findTakenContainers({ containers, initContainers }: PodView): readonly Problem[] {
  const ours: readonly string[] = Object.values(agentContainerNames)
  return [...(initContainers ?? []), ...containers]
    .filter(({ name }) => ours.includes(name))
    .map(({ name }) =>
      conflict('spec.containers', `no container called ${name}, which is the agent's name`),
    )
}

function findTakenMounts(
  containers: readonly ContainerView[],
  list: ContainerList,
  settings: InjectionSettings,
): readonly Problem[] {
  return containers.flatMap((container, index) =>
    listSeenVolumes(container, list, settings)
      .filter(({ directory }) =>
        container.mounts?.some(({ path }) => contains(directory, trimSlash(path))),
      )
      .map(({ directory }) =>
        conflict(
          `spec.${list}[${index}].volumeMounts`,
          `no mount at or below ${directory}, where the secrets appear`,
        ),
      ),
  )
}

/** What the agent has of its own must not be hidden, and a path can be mounted only once. */
function findTakenCopies(settings: InjectionSettings): readonly Problem[] {
  const { placement, prefix } = settings
  return buildOwnMounts(settings, 'sidecar')
    .filter(({ mountPath }) =>
      placement.copiedMounts.some(({ path }) => contains(mountPath, trimSlash(path))),
    )
    .map(({ mountPath }) =>
      conflict(
        `${prefix}${annotations.copyMounts.key}`,
        `a container without a mount at or below ${mountPath}, which is the agent's`,
      ),
    )
}

function trimSlash(path: string): string {
  return path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path
}

function conflict(path: string, expected: string): Problem {
  return { code: 'pod_conflict', path, expected }
}
