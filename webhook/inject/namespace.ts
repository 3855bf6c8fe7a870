/** What the injector knows of the namespace that a pod is created in, and what the namespace gives to its pods. */
import { findNearest } from '../../core/nearest.ts'
import { storeNamePattern } from '../../core/reference.ts'
import { annotations } from './annotations/annotations.ts'
import type { Inherited } from './annotations/inherited.ts'

export interface NamespaceView {
  readonly name: string
  readonly labels: ReadonlyMap<string, string>
  readonly annotations: ReadonlyMap<string, string>
}

const nothing: ReadonlyMap<string, string> = new Map()

/** A namespace of which only the name is known. */
export function nameNamespace(name: string): NamespaceView {
  return { name, labels: nothing, annotations: nothing }
}

/** What a namespace's annotations are called that give defaults: this and an annotation's key. */
export const defaultPrefix = 'claviger.dev/default-'
/** The label that chooses a profile where no `default-profile` does. */
export const profileLabel = 'claviger.dev/profile'

const profileKey = 'profile'
export const profileAnnotation = `${defaultPrefix}${profileKey}`

export interface NamespaceDefaults {
  /** The profile that the namespace asks for, whether there is one of that name or not. */
  readonly profile: Inherited | undefined
  /** By key, for pods that do not have the annotation themselves. */
  readonly inherited: ReadonlyMap<string, Inherited>
  /** What the namespace says in vain. */
  readonly warnings: readonly string[]
}

const defaultable: ReadonlySet<string> = new Set(
  Object.values(annotations)
    .filter((row) => row.form === 'plain' && row.class !== 'reserved')
    .map(({ key }) => key)
    .filter((key) => key !== annotations.inject.key),
)

/** Every plain annotation but those of class `reserved` may have a default, and so may stores; that a pod is injected only the pod says. */
export function readNamespaceDefaults(namespace: NamespaceView): NamespaceDefaults {
  const inherited = new Map<string, Inherited>()
  const warnings: string[] = []
  for (const [name, text] of namespace.annotations) {
    if (!name.startsWith(defaultPrefix)) continue
    const key = name.slice(defaultPrefix.length)
    if (isDefaultable(key)) inherited.set(key, { path: spell(namespace, name), text })
    else if (key !== profileKey) warnings.push(describeVain(spell(namespace, name), key))
  }
  return { profile: readProfile(namespace), inherited, warnings }
}

function isDefaultable(key: string): boolean {
  const family = annotations.store.key
  if (!key.startsWith(family)) return defaultable.has(key)
  return storeNamePattern.test(key.slice(family.length))
}

function spell({ name }: NamespaceView, annotation: string): string {
  return `namespace ${name.slice(0, 63)}: ${annotation}`
}

function readProfile(namespace: NamespaceView): Inherited | undefined {
  const annotated = namespace.annotations.get(profileAnnotation)
  if (annotated !== undefined) return { path: spell(namespace, profileAnnotation), text: annotated }
  const labelled = namespace.labels.get(profileLabel)
  if (labelled === undefined) return undefined
  return { path: spell(namespace, `label ${profileLabel}`), text: labelled }
}

function describeVain(path: string, key: string): string {
  if (key === annotations.inject.key) {
    return `${path} has no effect: only a pod itself asks for injection`
  }
  const meant = findNearest(key, [...defaultable, profileKey])
  const hint = meant === undefined ? '' : `; did you mean ${defaultPrefix}${meant}?`
  return `${path} has no effect: no such annotation has a default${hint}`
}
