/** A pod's annotations by their key without prefix, and what is to be said of the keys themselves. */
import { countEdits, findNearest } from '../../../core/nearest.ts'
import type { Problem } from '../problem.ts'
import type { Profile } from '../profiles.ts'
import type { Annotation, Prefix } from './annotation.ts'
import { annotations } from './annotations.ts'
import type { Inherited } from './inherited.ts'

/** An annotation under one of our prefixes. */
export interface Found {
  readonly prefix: Prefix
  /** As the pod spells it, prefix included; what a namespace gives names the namespace too. */
  readonly path: string
  readonly text: string
  /** The key of the family it belongs to. */
  readonly family: string | undefined
}

const nothing: ReadonlyMap<string, Inherited> = new Map()

export interface KeyIndex {
  /** By key. */
  readonly found: ReadonlyMap<string, Found>
  readonly find: (key: string) => Found | undefined
  /** What follows a family's key, in order. */
  readonly names: (family: string) => readonly string[]
  /** The same key with different values; code `annotation_conflict`. */
  readonly conflicts: readonly Problem[]
  /** What the pod has of the table, as it spells it. */
  readonly known: readonly { readonly path: string; readonly row: Annotation<unknown> }[]
  /** About keys that are none of the table. */
  readonly warnings: readonly string[]
}

const rows: readonly Annotation<unknown>[] = Object.values(annotations)
const plainRows = new Map(rows.filter(({ form }) => form === 'plain').map((row) => [row.key, row]))
const familyRows = new Map(
  rows.filter(({ form }) => form === 'family').map((row) => [row.key, row]),
)
/** Longest first: `agent-inject-template-file-x` is none of `agent-inject-template-`. */
const familyKeys = [...familyRows.keys()].sort((left, right) => right.length - left.length)

/** Reads the prefixes of the profile, then what the namespace gives. One key under two of them is fine with equal values and a problem with different ones. */
export function createKeyIndex(
  all: ReadonlyMap<string, string>,
  profile: Profile,
  inherited: ReadonlyMap<string, Inherited> = nothing,
): KeyIndex {
  const found = new Map<string, Found>()
  const conflicts: Problem[] = []
  for (const prefix of profile.prefixes) {
    for (const [path, text] of all) {
      if (!path.startsWith(prefix)) continue
      const key = path.slice(prefix.length)
      const other = found.get(key)
      if (other === undefined) {
        found.set(key, { prefix, path, text, family: findFamily(key, profile) })
      } else if (other.text !== text) conflicts.push(describeConflict(path, other.path))
    }
  }
  for (const [key, { path, text }] of inherited) {
    if (found.has(key)) continue
    found.set(key, { prefix: 'claviger.dev/', path, text, family: findFamily(key, profile) })
  }
  const namesOf = groupNames(found)
  return {
    found,
    find: (key) => found.get(key),
    names: (family) => namesOf.get(family) ?? [],
    conflicts,
    known: [...found].flatMap(([key, entry]) => {
      const row = findRow(key, entry)
      return row === undefined ? [] : [{ path: entry.path, row }]
    }),
    warnings: [...found].flatMap(([key, entry]) => describeUnknown(key, entry)),
  }
}

function findRow(key: string, { family }: Found): Annotation<unknown> | undefined {
  return plainRows.get(key) ?? (family === undefined ? undefined : familyRows.get(family))
}

/** Family → names, in order. */
function groupNames(found: ReadonlyMap<string, Found>): ReadonlyMap<string, readonly string[]> {
  const groups = new Map<string, string[]>()
  for (const [key, { family }] of found) {
    if (family === undefined) continue
    const names = groups.get(family) ?? []
    names.push(key.slice(family.length))
    groups.set(family, names)
  }
  for (const names of groups.values()) names.sort()
  return groups
}

function describeConflict(path: string, other: string): Problem {
  return {
    code: 'annotation_conflict',
    path,
    expected: `the same value as ${other}`,
    hint: 'the prefixes share one table; keep one of the two',
  }
}

function findFamily(key: string, { lenient }: Profile): string | undefined {
  if (plainRows.has(key)) return undefined
  return familyKeys.find(
    (family) =>
      key.startsWith(family) &&
      (key !== family || (lenient && familyRows.get(family)?.unnamed === true)),
  )
}

function describeUnknown(key: string, found: Found): readonly string[] {
  if (findRow(key, found) !== undefined) return []
  const { path, prefix } = found
  const meant = findNearest(key, plainRows.keys()) ?? findNearestFamily(key)
  return meant === undefined
    ? []
    : [`${path} is unknown and has no effect; did you mean ${prefix}${meant}?`]
}

function findNearestFamily(key: string): string | undefined {
  for (const family of familyKeys) {
    // What begins later cannot be near it; a key may be of any length here.
    const last = family.length + 2
    for (
      let dash = key.indexOf('-');
      dash !== -1 && dash <= last;
      dash = key.indexOf('-', dash + 1)
    ) {
      const head = key.slice(0, dash + 1)
      if (dash + 1 < key.length && countEdits(head, family, 3) < 3) {
        return family + key.slice(dash + 1)
      }
    }
  }
  return undefined
}
