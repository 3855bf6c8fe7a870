/** Members of values by their plain names, and what a name that is not there was meant to be. */
import { nearestName } from './nearest-name.ts'
import { elementOf, entryOf, hasEntry, indirect, int, unbox, type Value } from './values.ts'

export interface Found {
  readonly value: Value
}

/** A map's entry, a list's element by its index, or a list's `length`; undefined where there is none. Nothing else can be reached. */
export function findMember(given: Value, name: string): Found | undefined {
  const value = unbox(given)
  if (typeof value !== 'object') return undefined
  if (value.kind === 'map') {
    return hasEntry(value, name) ? { value: unbox(entryOf(value, name)) } : undefined
  }
  if (value.kind !== 'slice') return undefined
  if (name === 'length') return { value: int(value.items.length) }
  const index = /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : value.items.length
  if (index >= value.items.length) return undefined
  return { value: unbox(elementOf(value, value.items[index])) }
}

/** What stands between a secret and its values, and is easily left out: of KV version 2 one layer more. */
const layers = [['data'], ['Data'], ['Data', 'data']]

/**
 * How a path could have been meant whose part number `at` is not there: a misspelt name, a layer left out, a part too many.
 * Undefined where the other path leads nowhere either. Names are no values.
 */
export function suggestPath(
  root: Value,
  parts: readonly string[],
  at: number,
): readonly string[] | undefined {
  const before = parts.slice(0, at)
  const [missing = '', ...after] = parts.slice(at)
  const near = nearestName(missing, memberNames(resolvePath(root, before)?.value))
  const candidates = [
    ...(near === undefined ? [] : [[...before, near, ...after]]),
    ...layers.map((layer) => [...before, ...layer, missing, ...after]),
    ...(after.length === 0 ? [] : [[...before, ...after]]),
  ]
  return candidates.find((path) => resolvePath(root, path) !== undefined)
}

/** The number of the first part that is not there; undefined where the whole path leads to something. */
export function findBreak(root: Value, parts: readonly string[]): number | undefined {
  const broken = parts.findIndex((_, at) => resolvePath(root, parts.slice(0, at + 1)) === undefined)
  return broken < 0 ? undefined : broken
}

function resolvePath(root: Value, parts: readonly string[]): Found | undefined {
  let current: Found | undefined = { value: root }
  for (const part of parts) current = current && findMember(current.value, part)
  return current
}

function memberNames(given: Value): readonly string[] {
  const { value } = indirect(given)
  return typeof value === 'object' && value.kind === 'map' ? [...value.entries.keys()] : []
}
