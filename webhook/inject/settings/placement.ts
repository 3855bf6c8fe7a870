/** Where in the pod injection takes place. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { ContainerView, MountView, PodView } from '../pod.ts'
import type { Problem } from '../problem.ts'
import type { Profile } from '../profiles.ts'
import type { Agents } from './listener.ts'
import type { Reading } from './reading.ts'

export interface Placement extends Agents {
  /** Whether the sidecar is an init container that never ends. */
  readonly native: boolean
  /** Where in the list of the pod's own init containers the agent's comes. */
  readonly initIndex: number
  /** Names of the app containers that see the secrets; all of them when undefined. */
  readonly containers: readonly string[] | undefined
  readonly readOnly: boolean
  /** To be written to the pod; undefined leaves it as it is. */
  readonly shareProcessNamespace: boolean | undefined
  /** Mounts of a container of the pod that the agent gets too. */
  readonly copiedMounts: readonly MountView[]
  /** How long the init container may take, a Go duration. */
  readonly initDeadline: string | undefined
}

/** Problem codes: `annotation_conflict`, `container_unknown`. */
export function readPlacement(
  reader: AnnotationReader,
  pod: PodView,
  profile: Profile,
): Reading<Placement> {
  const init = reader.plain(annotations.prePopulate) ?? true
  const sidecar = !(reader.plain(annotations.prePopulateOnly) ?? false)
  const containers = reader.plain(annotations.containers)
  const share = reader.plain(annotations.shareProcessNamespace)
  const model = reader.plain(annotations.copyMounts) || undefined
  const all = [...pod.containers, ...(pod.initContainers ?? [])]
  const initIndex = findInitIndex(reader, pod)
  return {
    value: {
      init,
      sidecar,
      native: sidecar && readNative(reader, pod, profile),
      initIndex: initIndex.value,
      containers,
      readOnly: reader.plain(annotations.readOnlySecrets) ?? profile.readOnlySecrets,
      shareProcessNamespace: share,
      copiedMounts: listCopiedMounts(model, all),
      initDeadline: reader.plain(annotations.initDeadline) || undefined,
    },
    problems: [
      ...(init || sidecar ? [] : [describeNoAgent(reader)]),
      ...initIndex.problems,
      ...checkShare(share, pod, reader),
    ],
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

/** A pod that runs to completion has another policy than Kubernetes' default, `Always`. */
function readNative(reader: AnnotationReader, pod: PodView, profile: Profile): boolean {
  const mode = reader.plain(annotations.nativeSidecar) ?? 'auto'
  if (mode !== 'auto') return mode === 'on'
  return profile.nativeSidecars && ['Never', 'OnFailure'].includes(pod.restartPolicy)
}

function findInitIndex(
  reader: AnnotationReader,
  { initContainers = [] }: PodView,
): { readonly value: number; readonly problems: readonly Problem[] } {
  const last = initContainers.length
  const first = reader.plain(annotations.initFirst) ?? false
  const before = reader.plain(annotations.initBefore) || undefined
  const after = reader.plain(annotations.initAfter) || undefined
  const given = [
    ...(first ? [{ row: annotations.initFirst, index: 0 }] : []),
    ...(before === undefined
      ? []
      : [{ row: annotations.initBefore, index: findName(initContainers, before) }]),
    ...(after === undefined
      ? []
      : [{ row: annotations.initAfter, index: findName(initContainers, after) + 1 }]),
  ]
  const [only, rival] = given
  if (only === undefined) return { value: last, problems: [] }
  if (rival !== undefined) {
    return { value: last, problems: [describeRival(only.row.key, rival.row.key, reader)] }
  }
  const limit = only.row === annotations.initBefore ? last - 1 : last
  return only.index <= limit || only.row === annotations.initFirst
    ? { value: only.index, problems: [] }
    : { value: last, problems: [describeNoInitContainer(only.row.key, reader)] }
}

/** One past the end where there is none of that name. */
function findName(containers: readonly ContainerView[], name: string | undefined): number {
  const index = containers.findIndex((container) => container.name === name)
  return index === -1 ? containers.length : index
}

function describeRival(key: string, other: string, reader: AnnotationReader): Problem {
  return {
    code: 'annotation_conflict',
    path: reader.spell(other),
    expected: `no order besides the one of ${reader.spell(key)}`,
  }
}

function describeNoInitContainer(key: string, reader: AnnotationReader): Problem {
  return {
    code: 'container_unknown',
    path: reader.spell(key),
    expected: 'the name of an init container of the pod',
    hint: 'webhooks that add one must run before this one',
  }
}

/** Source: vault-k8s: whatever has "serviceaccount" in its path stays with its container; containers of one name count all. */
function listCopiedMounts(
  model: string | undefined,
  containers: readonly ContainerView[],
): readonly MountView[] {
  return containers
    .filter(({ name }) => name === model)
    .flatMap(({ mounts }) => mounts ?? [])
    .filter(({ path }) => !/serviceaccount/i.test(path))
}

function describeNoAgent(reader: AnnotationReader): Problem {
  return {
    code: 'annotation_conflict',
    path: reader.spell(annotations.prePopulateOnly.key),
    expected: `"false" while ${reader.spell(annotations.prePopulate.key)} is "false"`,
    got: 'true',
    hint: 'together they leave no agent at all',
  }
}

/** vault-k8s minds only the pod that has it off and is asked to turn it on. */
function checkShare(
  share: boolean | undefined,
  { shareProcessNamespace: own }: PodView,
  reader: AnnotationReader,
): readonly Problem[] {
  if (share === undefined || own === undefined || share === own) return []
  return [
    {
      code: 'annotation_conflict',
      path: reader.spell(annotations.shareProcessNamespace.key),
      expected: `"${own}", as spec.shareProcessNamespace of the pod says`,
      got: String(share),
      ...(share ? { stage: 'parse' as const } : {}),
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
