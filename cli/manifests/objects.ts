/** Objects, pods and namespaces in the documents of manifests. */
import type { NamespaceView } from '../../webhook/inject/namespace.ts'
import { findPodKind, type PodKind } from './pod-kinds.ts'

export type Path = readonly (string | number)[]

export interface ManifestObject {
  readonly apiVersion: string
  readonly kind: string
  /** Empty where it has none or only a `generateName`. */
  readonly name: string
  /** Empty where it names none. */
  readonly namespace: string
  /** From the document. */
  readonly path: Path
  readonly value: unknown
}

export interface PodSite {
  readonly object: ManifestObject
  /** From the document to the pod or template. */
  readonly path: Path
  readonly pod: unknown
}

/** The object of a document, or those of a list; typed lists such as DeploymentList leave the kind to the list. */
export function listObjects(document: unknown): readonly ManifestObject[] {
  return listIn(document, { path: [], apiVersion: '', kind: '' })
}

export function findPod(object: ManifestObject, kinds: readonly PodKind[]): PodSite | undefined {
  const row = findPodKind(kinds, object)
  const pod = row === undefined ? undefined : read(object.value, row.path)
  if (row === undefined || pod === undefined) return undefined
  return { object, path: [...object.path, ...row.path], pod }
}

/** By name; what is said of a namespace twice is taken from the last. */
export function findNamespaces(
  objects: Iterable<ManifestObject>,
): ReadonlyMap<string, NamespaceView> {
  const namespaces = new Map<string, NamespaceView>()
  for (const { kind, name, value } of objects) {
    if (kind !== 'Namespace' || name === '') continue
    const labels = readTexts(value, ['metadata', 'labels'])
    const annotations = readTexts(value, ['metadata', 'annotations'])
    namespaces.set(name, { name, labels, annotations })
  }
  return namespaces
}

/** The texts of a map such as `metadata.annotations`; what is no text is left out. */
export function readTexts(value: unknown, path: Path): ReadonlyMap<string, string> {
  const found = read(value, path)
  const entries = typeof found === 'object' && found !== null ? Object.entries(found) : []
  return new Map(entries.flatMap(([key, text]) => (typeof text === 'string' ? [[key, text]] : [])))
}

/** What is at `path`, own properties only; undefined where there is nothing. */
export function read(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (found, key) =>
      typeof found === 'object' && found !== null && Object.hasOwn(found, key)
        ? Reflect.get(found, key)
        : undefined,
    value,
  )
}

function listIn(
  value: unknown,
  given: { readonly path: Path; readonly apiVersion: string; readonly kind: string },
): readonly ManifestObject[] {
  if (typeof value !== 'object' || value === null) return []
  const apiVersion = readText(value, ['apiVersion']) || given.apiVersion
  const kind = readText(value, ['kind']) || given.kind
  const items = read(value, ['items'])
  if (kind.endsWith('List') && Array.isArray(items)) {
    const typed =
      kind === 'List' ? { apiVersion: '', kind: '' } : { apiVersion, kind: kind.slice(0, -4) }
    return items.flatMap((item, index) =>
      listIn(item, { ...typed, path: [...given.path, 'items', index] }),
    )
  }
  const name = readText(value, ['metadata', 'name'])
  const namespace = readText(value, ['metadata', 'namespace'])
  return [{ apiVersion, kind, name, namespace, path: given.path, value }]
}

function readText(value: unknown, path: Path): string {
  const found = read(value, path)
  return typeof found === 'string' ? found : ''
}
