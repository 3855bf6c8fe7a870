/** What a policy judges: the annotations of a pod, and the values that will count for it. */
import type { AnnotationClass, Prefix } from '../inject/annotation.ts'
import { prefixes } from '../inject/annotation.ts'
import { annotations } from '../inject/annotations.ts'
import type { Found, Inherited } from '../inject/key-index.ts'
import type { NamespaceView } from '../inject/namespace.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import { classify } from './keys.ts'
import type { Subject } from './policy.ts'

/** Everything about one pod that a policy looks at. */
export interface Facts {
  readonly namespace: NamespaceView
  /** The name of the pod's ServiceAccount. */
  readonly serviceAccount: string
  /** By key: the pod's annotations and those that it has from its namespace. */
  readonly found: ReadonlyMap<string, Found>
  /** By key: what the namespace gives, whether the pod differs or not. */
  readonly inherited: ReadonlyMap<string, Inherited>
  /** The profile that the namespace chooses. */
  readonly profile: Inherited | undefined
  readonly defaults: Pick<
    WebhookDefaults,
    'address' | 'image' | 'profile' | 'authPath' | 'authType' | 'annotations'
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
  readonly text: string
  /** The pod does not have the annotation: the operator's default counts. */
  readonly byDefault: boolean
}

/** Those that count: a pod's own, else its namespace's, else the operator's. */
export function listValues(facts: Facts): readonly JudgedValue[] {
  const { defaults, profile } = facts
  const proxy = annotations.proxyAddress.key
  const image = defaults.image || defaults.profile.image || ''
  return [
    ...readPlain(facts, 'addresses', annotations.service.key, defaults.address),
    ...readPlain(facts, 'addresses', proxy, defaults.annotations.get(proxy) ?? ''),
    ...readPlain(facts, 'roles', annotations.role.key, ''),
    ...readPlain(facts, 'roles', `${annotations.authConfig.key}role`, ''),
    ...readPlain(facts, 'images', annotations.image.key, image),
    ...readFamily(facts, 'commands', annotations.command.key),
    ...readFamily(facts, 'paths', annotations.secret.key),
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

function describe(subject: Subject, { path, text }: Inherited): JudgedValue {
  return { subject, path, text, byDefault: false }
}

/** The prefix that the pod prefers. */
function findPrefix({ found }: Facts): Prefix {
  return found.get(annotations.inject.key)?.prefix ?? prefixes[0]
}

/** What a locked annotation must be, or undefined where nobody gives a default. */
export function findDefault({ inherited, defaults }: Facts, key: string): string | undefined {
  const { address, image, authPath, authType } = defaults
  const flags: ReadonlyMap<string, string> = new Map([
    [annotations.service.key, address],
    [annotations.image.key, image],
    [annotations.authPath.key, authPath],
    [annotations.authType.key, authType],
  ])
  return inherited.get(key)?.text ?? flags.get(key) ?? defaults.annotations.get(key)
}
