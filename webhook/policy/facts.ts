/** What a policy judges: the annotations of a pod, and the values that will count for it. */
import type { AnnotationClass, Prefix } from '../inject/annotations/annotation.ts'
import { prefixes } from '../inject/annotations/annotation.ts'
import { annotations } from '../inject/annotations/annotations.ts'
import type { Inherited } from '../inject/annotations/inherited.ts'
import type { Found } from '../inject/annotations/key-index.ts'
import type { NamespaceView } from '../inject/namespace.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import type { SecretFile } from '../inject/settings/secret-file.ts'
import type { StoresSettings } from '../inject/settings/stores.ts'
import { classify } from './keys.ts'
import type { Subject } from './policy.ts'
import { listStoreValues, splitReference } from './store-facts.ts'
import { findPaths } from './template-paths.ts'

/** Everything about one pod that a policy looks at. */
export interface Facts {
  readonly namespace: NamespaceView
  /** The name of the pod's ServiceAccount. */
  readonly serviceAccount: string
  /** By key: the pod's annotations and those that it has from its namespace. */
  readonly found: ReadonlyMap<string, Found>
  /** By key: what the namespace gives, whether the pod differs or not. */
  readonly inherited: ReadonlyMap<string, Inherited>
  /** With the templates that the agent will render. */
  readonly files: readonly SecretFile[]
  /** The stores beside the pod's own Vault. */
  readonly stores: Pick<StoresSettings, 'known' | 'used' | 'uses'>
  /** Whether the pod's own Vault is used. */
  readonly needsVault: boolean
  /** The profile that the namespace chooses. */
  readonly profile: Inherited | undefined
  readonly defaults: Pick<
    WebhookDefaults,
    'address' | 'image' | 'profile' | 'authPath' | 'authType' | 'annotations' | 'stores'
  >
}

export interface JudgedAnnotation {
  readonly key: string
  readonly path: string
  readonly class: AnnotationClass
}

/** Only what has an effect; keys that no row reads are somebody else's. */
export function listAnnotations({ found }: Facts): readonly JudgedAnnotation[] {
  return [...found].flatMap(([key, { path, family }]) => {
    const annotationClass = classify(key, family)
    return annotationClass === undefined ? [] : [{ key, path, class: annotationClass }]
  })
}

export interface JudgedValue {
  readonly subject: Subject
  readonly path: string
  /** Undefined for what cannot be told before the pod runs. */
  readonly text: string | undefined
  /** The pod does not have the annotation: the operator's default counts. */
  readonly byDefault: boolean
}

/** Those that count: a pod's own, else its namespace's, else the operator's. */
export function listValues(facts: Facts): readonly JudgedValue[] {
  const { defaults, profile, needsVault } = facts
  const proxy = annotations.proxyAddress.key
  const image = defaults.image || defaults.profile.image || ''
  return [
    ...readPlain(facts, 'addresses', annotations.service.key, needsVault ? defaults.address : ''),
    ...readPlain(facts, 'addresses', proxy, defaults.annotations.get(proxy) ?? ''),
    // What the operator says is the operator's own.
    ...readPlain(facts, 'addresses', annotations.tracesEndpoint.key, ''),
    ...readPlain(facts, 'roles', annotations.role.key, ''),
    ...readPlain(facts, 'roles', `${annotations.authConfig.key}role`, ''),
    ...readPlain(facts, 'images', annotations.image.key, image),
    ...readFamily(facts, 'commands', annotations.command.key),
    ...readFamily(facts, 'paths', annotations.secret.key).flatMap((value) =>
      splitReference(value, facts),
    ),
    ...listStoreValues(facts),
    ...(profile === undefined ? [] : [describe('profiles', profile)]),
  ]
}

function readPlain(
  facts: Facts,
  subject: Subject,
  ...[key, fallback]: readonly [string, string]
): readonly JudgedValue[] {
  const entry = facts.found.get(key)
  if (entry !== undefined) return entry.text.trim() === '' ? [] : [describe(subject, entry)]
  if (fallback === '') return []
  return [{ subject, path: `${findPrefix(facts)}${key}`, text: fallback, byDefault: true }]
}

function readFamily({ found }: Facts, subject: Subject, family: string): readonly JudgedValue[] {
  return [...found.values()]
    .filter((entry) => entry.family === family && entry.text.trim() !== '')
    .map((entry) => describe(subject, entry))
}

/** Those that templates ask for, each once; a default template asks for what its secret names. */
export function listTemplatePaths(facts: Facts): readonly JudgedValue[] {
  const { files, found } = facts
  return files.flatMap(({ name, template, engine, delimiters }) => {
    if (template.kind !== 'contents') return []
    const rows = template.given ? [annotations.template, annotations.secret] : [annotations.secret]
    const entry = rows.map(({ key }) => found.get(key + name)).find((each) => each !== undefined)
    if (entry === undefined) return []
    const { path } = entry
    const asked = engine === 'go' ? findPaths(template.text, delimiters) : noPaths
    const texts = [...asked.paths, ...(asked.unclear ? [undefined] : [])]
    return texts
      .filter((text) => text !== entry.text)
      .flatMap((text) => splitReference({ subject: 'paths', path, text, byDefault: false }, facts))
  })
}

/** Only Go's language is looked into. */
const noPaths = { paths: [], unclear: true } as const

function describe(subject: Subject, { path, text }: Inherited): JudgedValue {
  return { subject, path, text, byDefault: false }
}

/** The prefix that the pod prefers. */
function findPrefix({ found }: Facts): Prefix {
  return found.get(annotations.inject.key)?.prefix ?? prefixes[0]
}

/** What a locked annotation must be, or undefined where nobody gives a default. Of a store that the operator lists, its type alone. */
export function findDefault({ inherited, defaults }: Facts, key: string): string | undefined {
  const { address, image, authPath, authType, stores } = defaults
  const family = annotations.store.key
  const store = key.startsWith(family) ? stores?.get(key.slice(family.length)) : undefined
  const flags: ReadonlyMap<string, string> = new Map([
    [annotations.service.key, address],
    [annotations.image.key, image],
    [annotations.authPath.key, authPath],
    [annotations.authType.key, authType],
  ])
  return inherited.get(key)?.text ?? flags.get(key) ?? defaults.annotations.get(key) ?? store?.type
}
