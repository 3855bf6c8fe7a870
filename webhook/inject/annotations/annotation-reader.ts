/** Reads typed values out of a pod's annotations and collects every problem on the way. */

import type { ValueKind } from '../kinds/value-kinds.ts'
import type { Problem } from '../problem.ts'
import type { Profile } from '../profiles.ts'
import {
  type Annotation,
  type AnnotationFamily,
  type PlainAnnotation,
  type Prefix,
  prefixes,
} from './annotation.ts'
import { annotations } from './annotations.ts'
import type { Found, KeyIndex } from './key-index.ts'

export interface AnnotationReader {
  /** The pod's, else its namespace's, else the operator's; undefined when there is none or the first is wrong. */
  readonly plain: <T>(row: PlainAnnotation<T>) => T | undefined
  /** By the name that follows the family's key, in the order of the names. */
  readonly family: <T>(row: AnnotationFamily<T>) => ReadonlyMap<string, T>
  /** The value for one name of a family. */
  readonly member: <T>(row: AnnotationFamily<T>, name: string) => T | undefined
  /** The names after a family's key, valid value or not, in their order. */
  readonly names: (row: { readonly key: string }) => readonly string[]
  /** Whether the pod or its namespace has it. */
  readonly has: (row: { readonly key: string }) => boolean
  /** Whether the pod's agent, or the profile, knows nothing of it; it then reads as absent. */
  readonly isIgnored: (row: Annotation<unknown>) => boolean
  /** Whether a problem with its value is known already. */
  readonly isWrong: (row: { readonly key: string }) => boolean
  /** The spelling for messages: the pod's own, else the key under the prefix that the pod prefers. */
  readonly spell: (key: string) => string
  /** The prefix under which the pod asks for injection. */
  readonly prefix: Prefix
  readonly issues: readonly Problem[]
  /** About keys that are read by nobody, and about values that only vault-k8s takes. */
  readonly warnings: readonly string[]
}

export interface Origin {
  readonly profile: Profile
  /** The kind of agent that the pod gets; undefined where that is no matter. */
  readonly agent?: 'stock' | 'claviger'
  /** Values by key for what the pod does not have. */
  readonly fallbacks: ReadonlyMap<string, string>
}

/** Problem codes: `annotation_value`, and those of the index. */
export function createAnnotationReader(index: KeyIndex, origin: Origin): AnnotationReader {
  const { profile, fallbacks } = origin
  const values = new ValueReader(index, origin)
  const prefix = index.find(annotations.inject.key)?.prefix ?? profile.prefixes[0] ?? prefixes[0]
  const spell = (key: string) => index.find(key)?.path ?? `${prefix}${key}`
  return {
    plain: (row) => {
      if (values.isIgnored(row)) return undefined
      const entry = index.find(row.key)
      if (entry !== undefined) return values.read(row, entry)
      const fallback = fallbacks.get(row.key)
      return fallback === undefined ? undefined : values.kindOf(row).parse(fallback)
    },
    family: (row) =>
      new Map(
        index.names(row.key).flatMap((name) => {
          const value = values.readMember(row, name)
          return value === undefined ? [] : [[name, value] as const]
        }),
      ),
    member: (row, name) => values.readMember(row, name),
    names: ({ key }) => index.names(key),
    has: ({ key }) => index.find(key) !== undefined,
    isIgnored: (row) => values.isIgnored(row),
    isWrong: ({ key }) => values.issues.some(({ path }) => path === spell(key)),
    spell,
    prefix,
    issues: values.issues,
    warnings: values.warnings,
  }
}

/** Judges each value once, however often it is read. */
class ValueReader {
  readonly issues: Problem[]
  readonly warnings: string[]
  readonly #index: KeyIndex
  readonly #origin: Origin
  readonly #judged = new Set<string>()

  constructor(index: KeyIndex, origin: Origin) {
    this.issues = [...index.conflicts]
    this.warnings = [...index.warnings, ...describeIgnored(index, origin)]
    this.#index = index
    this.#origin = origin
  }

  isIgnored(row: Annotation<unknown>): boolean {
    return isIgnored(row, this.#origin)
  }

  kindOf<T>(row: Annotation<T>): ValueKind<T> {
    return this.#origin.profile.lenient ? (row.stock ?? row.kind) : row.kind
  }

  readMember<T>(row: AnnotationFamily<T>, name: string): T | undefined {
    const entry = this.#index.find(row.key + name)
    if (entry === undefined || this.isIgnored(row)) return undefined
    // Only vault-k8s takes one annotation for a member of two families.
    if (entry.family !== row.key && !this.#origin.profile.lenient) return undefined
    return this.read(row, entry)
  }

  read<T>(row: Annotation<T>, entry: Found): T | undefined {
    const kind = this.kindOf(row)
    const value = kind.parse(entry.text)
    if (this.#judged.has(row.key + entry.path)) return value
    this.#judged.add(row.key + entry.path)
    if (value === undefined) this.issues.push(describeWrongValue(row, kind, entry))
    else if (entry.text !== '' && row.kind.parse(entry.text) === undefined) {
      const { expected } = row.kind
      this.warnings.push(`${entry.path} is taken as it is by vault-k8s; expected ${expected}`)
    }
    return value
  }
}

function isIgnored({ agents, ours }: Annotation<unknown>, { profile, agent }: Origin): boolean {
  if (ours === true && profile.lenient) return true
  return agents !== undefined && agent !== undefined && agents !== agent
}

function describeIgnored(index: KeyIndex, origin: Origin): readonly string[] {
  const reason = origin.profile.lenient
    ? `in profile ${origin.profile.name}`
    : `on the ${origin.agent === 'stock' ? 'stock' : 'Claviger'} agent`
  return index.known
    .filter(({ row }) => isIgnored(row, origin))
    .map(({ path }) => `${path} has no effect ${reason}`)
}

function describeWrongValue<T>(
  { stage = 'parse' }: Annotation<T>,
  kind: ValueKind<T>,
  { path, text }: Found,
): Problem {
  const meant = kind.suggest?.(text)
  return {
    code: 'annotation_value',
    path,
    expected: kind.expected,
    ...(kind.shown ? { got: text.slice(0, 40) } : {}),
    ...(meant === undefined ? {} : { hint: `write ${JSON.stringify(meant)}` }),
    stage,
  }
}
