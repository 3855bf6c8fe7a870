/** Reads typed values out of a pod's annotations and collects every problem on the way. */
import type { Issue } from '../../core/issue.ts'
import { countEdits, findNearest } from '../../core/nearest.ts'
import { type AnnotationFamily, type PlainAnnotation, type Prefix, prefixes } from './annotation.ts'
import { annotations } from './annotations.ts'
import { unsupportedStockKeys } from './stock-annotations.ts'
import type { ValueKind } from './value-kinds.ts'

/** An annotation under one of our prefixes. */
export interface Found {
  readonly prefix: Prefix
  /** As the pod spells it, prefix included. */
  readonly path: string
  readonly text: string
  /** The key of the family it belongs to. */
  readonly family: string | undefined
}

/** Each row is to be read once: a wrong value is an issue each time it is read. */
export interface AnnotationReader {
  /** The pod's, else the operator's; undefined when there is neither or the pod's is wrong. */
  readonly plain: <T>(row: PlainAnnotation<T>) => T | undefined
  /** By the name that follows the family's key, in the order of the names. */
  readonly family: <T>(row: AnnotationFamily<T>) => ReadonlyMap<string, T>
  /** The names after a family's key, valid value or not, in their order. */
  readonly names: (key: string) => readonly string[]
  /** Whether the pod has it. */
  readonly has: (row: { readonly key: string }) => boolean
  /** The spelling for messages: the pod's own, else the key under the prefix that the pod prefers. */
  readonly spell: (key: string) => string
  /** The prefix under which the pod asks for injection. */
  readonly prefix: Prefix
  readonly issues: readonly Issue[]
  /** About keys that are read by nobody. */
  readonly warnings: readonly string[]
}

const rows = Object.values(annotations)
const plainKeys = new Set(rows.filter(({ form }) => form === 'plain').map(({ key }) => key))
const familyKeys = rows.filter(({ form }) => form === 'family').map(({ key }) => key)
const unsupported = new Set(unsupportedStockKeys)
/** Longest first: `agent-inject-template-file-x` is none of `agent-inject-template-`. */
const allFamilyKeys = [
  ...familyKeys,
  ...unsupportedStockKeys.filter((key) => key.endsWith('-')),
].sort((left, right) => right.length - left.length)

/** `fallbacks` holds values by key for what the pod does not have. One key under two prefixes is fine with equal values and an issue with different ones, code `annotation_conflict`. */
export function createAnnotationReader(
  all: ReadonlyMap<string, string>,
  fallbacks: ReadonlyMap<string, string> = new Map(),
): AnnotationReader {
  const { found, issues } = sortByKey(all)
  const read = <T>({ path, text }: Found, kind: ValueKind<T>): T | undefined => {
    const value = kind.parse(text)
    if (value === undefined) issues.push(describeWrongValue(path, text, kind))
    return value
  }
  const prefix = found.get(annotations.inject.key)?.prefix ?? prefixes[0]
  return {
    plain: (row) => {
      const entry = found.get(row.key)
      if (entry !== undefined) return read(entry, row.kind)
      const fallback = fallbacks.get(row.key)
      return fallback === undefined ? undefined : row.kind.parse(fallback)
    },
    family: (row) => readFamily(found, row, read),
    names: (key) => listMembers(found, key).map(({ name }) => name),
    has: ({ key }) => found.has(key),
    spell: (key) => found.get(key)?.path ?? `${prefix}${key}`,
    prefix,
    issues,
    warnings: [...found].flatMap(([key, entry]) => describeUnread(key, entry)),
  }
}

function sortByKey(all: ReadonlyMap<string, string>): {
  readonly found: ReadonlyMap<string, Found>
  readonly issues: Issue[]
} {
  const found = new Map<string, Found>()
  const issues: Issue[] = []
  for (const prefix of prefixes) {
    for (const [path, text] of all) {
      if (!path.startsWith(prefix)) continue
      const key = path.slice(prefix.length)
      const other = found.get(key)
      if (other === undefined) found.set(key, { prefix, path, text, family: findFamily(key) })
      else if (other.text !== text) issues.push(describeConflict(path, other.path))
    }
  }
  return { found, issues }
}

function describeConflict(path: string, other: string): Issue {
  return {
    code: 'annotation_conflict',
    path,
    expected: `the same value as ${other}`,
    hint: 'the prefixes share one table; keep one of the two',
  }
}

function describeWrongValue<T>(path: string, text: string, kind: ValueKind<T>): Issue {
  const meant = kind.suggest?.(text)
  return {
    code: 'annotation_value',
    path,
    expected: kind.expected,
    ...(kind.shown ? { got: text.slice(0, 40) } : {}),
    ...(meant === undefined ? {} : { hint: `write ${JSON.stringify(meant)}` }),
  }
}

function readFamily<T>(
  found: ReadonlyMap<string, Found>,
  row: AnnotationFamily<T>,
  read: (entry: Found, kind: ValueKind<T>) => T | undefined,
): ReadonlyMap<string, T> {
  const values = new Map<string, T>()
  for (const { name, entry } of listMembers(found, row.key)) {
    const value = read(entry, row.kind)
    if (value !== undefined) values.set(name, value)
  }
  return values
}

function listMembers(
  found: ReadonlyMap<string, Found>,
  family: string,
): readonly { readonly name: string; readonly entry: Found }[] {
  return [...found]
    .filter(([, entry]) => entry.family === family)
    .map(([key, entry]) => ({ name: key.slice(family.length), entry }))
    .sort((left, right) => (left.name < right.name ? -1 : 1))
}

function findFamily(key: string): string | undefined {
  return allFamilyKeys.find((family) => key.startsWith(family) && key.length > family.length)
}

function describeUnread(key: string, { path, prefix, family }: Found): readonly string[] {
  if (plainKeys.has(key)) return []
  if (unsupported.has(family ?? key)) {
    return [`${path} is not supported by this version and has no effect`]
  }
  if (family !== undefined) return []
  const meant = findNearest(key, plainKeys) ?? findNearestFamily(key)
  return meant === undefined
    ? []
    : [`${path} is unknown and has no effect; did you mean ${prefix}${meant}?`]
}

function findNearestFamily(key: string): string | undefined {
  for (const family of familyKeys) {
    for (let dash = key.indexOf('-'); dash !== -1; dash = key.indexOf('-', dash + 1)) {
      const head = key.slice(0, dash + 1)
      if (dash + 1 < key.length && countEdits(head, family, 3) < 3) {
        return family + key.slice(dash + 1)
      }
    }
  }
  return undefined
}
