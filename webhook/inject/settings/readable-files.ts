/** Files that their own permission bits keep from the app. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { ContainerView, PodView } from '../pod.ts'
import type { Identity } from './identity.ts'
import type { SecretFile } from './secret-file.ts'

interface Setting {
  readonly files: readonly SecretFile[]
  readonly identity: Identity | undefined
}

/** A warning for each file of which it is not certain that some container of the app can read it. */
export function describeUnreadable(
  { files, identity }: Setting,
  pod: PodView,
  reader: AnnotationReader,
): readonly string[] {
  if (identity === undefined) return []
  const isReadable = ({ perms }: SecretFile) =>
    perms === undefined ||
    pod.containers.some((container) => canRead(container, pod, { perms, identity }))
  return files
    .filter((file) => !isReadable(file))
    .map(({ name }) => {
      const path = reader.spell(annotations.perms.key + name)
      return `${path} may keep the app from reading the file: give both one runAsUser, or the pod an fsGroup and the file a group bit`
    })
}

function canRead(
  container: ContainerView,
  pod: PodView,
  { perms, identity }: { readonly perms: string; readonly identity: Identity },
): boolean {
  const bits = Number.parseInt(perms, 8)
  if ((bits & 0o004) !== 0) return true
  const user = container.runAsUser ?? pod.runAsUser
  if (user === 0) return true
  if ((bits & 0o400) !== 0 && user !== undefined && user === identity.user) return true
  if ((bits & 0o040) === 0) return false
  // Kubernetes gives files on a memory volume the group of fsGroup, and every container that group.
  if (pod.groups.fsGroup !== undefined) return true
  const group = container.runAsGroup ?? pod.runAsGroup
  return group === identity.group || pod.groups.more.some((more) => more === identity.group)
}
