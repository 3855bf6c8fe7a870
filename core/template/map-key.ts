/** Keys of maps: strings, and in the maps that `parseYAML` makes any scalar. */
import { compareBytes } from './byte-string.ts'
import {
  anyKeyMapType,
  type ConcreteValue,
  elementOf,
  float,
  type GoMap,
  typeOf,
  type Value,
} from './values.ts'

/** Starts the name of a key that is no string; no byte string has this character. */
const marker = '\u0100'

/** The key's name in `GoMap.entries`: strings are their own. */
export function keyName(key: ConcreteValue | undefined): string {
  if (typeof key === 'string') return key
  if (typeof key !== 'object') return `${marker}${typeOf(key)} ${key}`
  if (key.kind === 'named-string') return `${marker}${key.type} ${key.text}`
  return 'value' in key ? `${marker}${key.type} ${key.value}` : `${marker}${typeOf(key)} `
}

/** The key that `keyName` gave the name to. */
export function keyOf(name: string): ConcreteValue | undefined {
  if (!name.startsWith(marker)) return name
  const at = name.indexOf(' ')
  const type = name.slice(1, at)
  const text = name.slice(at + 1)
  if (type === 'bool') return text === 'true'
  if (type === 'float64') return float(Number(text))
  if (type === 'json.Number') return { kind: 'named-string', type, text }
  if (/^u?int/.test(type)) {
    return { kind: type.startsWith('u') ? 'uint' : 'int', type, value: BigInt(text) }
  }
  return undefined
}

export interface MapEntry {
  readonly key: ConcreteValue | undefined
  /** As `elementOf` gives it. */
  readonly value: Value
}

/** A map's entries by key: nil, strings by their bytes, numbers, false, true. Source: Go's internal/fmtsort. */
export function sortedEntries(map: GoMap): readonly MapEntry[] {
  const entries = Array.from(map.entries, ([name, value]) => ({
    name,
    value: elementOf(map, value),
  }))
  entries.sort((left, right) => compareBytes(left.name, right.name))
  const sorted = entries.map(({ name, value }) => ({ key: keyOf(name), value }))
  return map.type === anyKeyMapType ? sorted.sort((a, b) => compareKeys(a.key, b.key)) : sorted
}

/** Keys of different types stand in an order of our own, Go's depends on the build. */
function compareKeys(left: ConcreteValue | undefined, right: ConcreteValue | undefined): number {
  const byType = rankOf(left) - rankOf(right)
  if (byType !== 0) return byType
  const [a, b] = [comparable(left), comparable(right)]
  return a < b ? -1 : a > b ? 1 : 0
}

function rankOf(key: ConcreteValue | undefined): number {
  if (key === undefined) return 0
  if (typeof key === 'string') return 1
  return typeof key === 'boolean' ? 3 : 2
}

function comparable(key: ConcreteValue | undefined): bigint | number | string | boolean {
  if (key === undefined) return 0
  if (typeof key !== 'object') return key
  return key.kind === 'int' || key.kind === 'uint' || key.kind === 'float' ? key.value : 0
}
