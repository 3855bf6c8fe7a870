/** Where in the pod injection takes place. */
import type { Issue } from '../../../core/issue.ts'
import type { AnnotationReader } from '../annotation-reader.ts'
import { annotations } from '../annotations.ts'
import type { ContainerView, MountView, PodView } from '../pod.ts'
import type { Reading } from './reading.ts'

export interface Placement {
  /** Whether the agent's init container is the first one; otherwise it is the last. */
  readonly initFirst: boolean
  /** Names of the app containers that see the secrets; all of them when undefined. */
  readonly containers: readonly string[] | undefined
  /** To be written to the pod; undefined leaves it as it is. */
  readonly shareProcessNamespace: boolean | undefined
  /** Mounts of a container of the pod that the agent gets too. */
  readonly copiedMounts: readonly MountView[]
}

/** Issue code: `annotation_conflict`. */
export function readPlacement(reader: AnnotationReader, pod: PodView): Reading<Placement> {
  const containers = reader.plain(annotations.containers)
  const share = reader.plain(annotations.shareProcessNamespace)
  const model = reader.plain(annotations.copyMounts) || undefined
  const all = [...pod.containers, ...(pod.initContainers ?? [])]
  return {
    value: {
      initFirst: reader.plain(annotations.initFirst) ?? false,
      containers,
      shareProcessNamespace: share,
      copiedMounts: listCopiedMounts(all.find(({ name }) => name === model)),
    },
    issues: checkShare(share, pod, reader),
    warnings: [
      ...findUnknown(containers ?? [], pod.containers).map((name) =>
        describeUnknown(annotations.containers.key, name, reader),
      ),
      ...findUnknown(model === undefined ? [] : [model], all).map((name) =>
        describeUnknown(annotations.copyMounts.key, name, reader),
      ),
    ],
  }
}

/** Source: vault-k8s: whatever has "serviceaccount" in its path stays with its container. */
function listCopiedMounts(model: ContainerView | undefined): readonly MountView[] {
  return (model?.mounts ?? []).filter(({ path }) => !/serviceaccount/i.test(path))
}

function checkShare(
  share: boolean | undefined,
  { shareProcessNamespace: own }: PodView,
  reader: AnnotationReader,
): readonly Issue[] {
  if (share === undefined || own === undefined || share === own) return []
  return [
    {
      code: 'annotation_conflict',
      path: reader.spell(annotations.shareProcessNamespace.key),
      expected: `"${own}", as spec.shareProcessNamespace of the pod says`,
      got: String(share),
    },
  ]
}

function findUnknown(
  names: readonly string[],
  containers: readonly ContainerView[],
): readonly string[] {
  return names.filter((wanted) => !containers.some(({ name }) => name === wanted))
}

function describeUnknown(key: string, name: string, reader: AnnotationReader): string {
  return `${reader.spell(key)} names ${JSON.stringify(name.slice(0, 40))}, which is no container of the pod`
}
