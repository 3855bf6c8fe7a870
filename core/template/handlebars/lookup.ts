/** Members of values by name. Only what a map or list itself holds can be reached; there are no prototypes to walk. */
import { nearestName } from '../nearest-name.ts'
import { elementOf, int, unbox, type Value } from '../values.ts'

export interface Found {
  readonly value: Value
}

/** A map's entry, a list's element by its index, or a list's `length`; undefined where there is none. */
export function findMember(given: Value, name: string): Found | undefined {
  const value = unbox(given)
  if (typeof value !== 'object') return undefined
  if (value.kind === 'map') {
    return value.entries.has(name) ? { value: unbox(value.entries.get(name)) } : undefined
  }
  if (value.kind !== 'slice') return undefined
  if (name === 'length') return { value: int(value.items.length) }
  const index = /^(?:0|[1-9]\d{0,8})$/.test(name) ? Number(name) : value.items.length
  if (index >= value.items.length) return undefined
  return { value: unbox(elementOf(value, value.items[index])) }
}

/** The names that a value has; names are no values. */
function memberNames(given: Value): readonly string[] {
  const value = unbox(given)
  return typeof value === 'object' && value.kind === 'map' ? [...value.entries.keys()] : []
}

/** How the path could have been meant, where one part of it is not there: a misspelt name, a `data` too few or a part too many. */
export function suggestPath(root: Value, parts: readonly string[], at: number): string | undefined {
  const before = parts.slice(0, at)
  const [missing = '', ...after] = parts.slice(at)
  const near = nearestName(missing, memberNames(resolve(root, before)?.value))
  const candidates = [
    ...(near === undefined ? [] : [[...before, near, ...after]]),
    [...before, 'data', missing, ...after],
    ...(after.length === 0 ? [] : [[...before, ...after]]),
  ]
  return candidates.find((path) => resolve(root, path) !== undefined)?.join('.')
}

function resolve(root: Value, parts: readonly string[]): Found | undefined {
  let current: Found | undefined = { value: root }
  for (const part of parts) current = current && findMember(current.value, part)
  return current
}
