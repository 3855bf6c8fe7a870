/** sprig's dictionaries; `set`, `unset` and the merges change the map they are given. Source: sprig's dict.go. */
import { sortedEntries } from '../map-key.ts'
import { mergeInto } from '../merge.ts'
import { sprint } from '../printer.ts'
import type { Version } from '../semver.ts'
import { versionOf, versionValue } from '../semver-value.ts'
import {
  anyList,
  anyMap,
  anyMapType,
  box,
  entryOf,
  type GoMap,
  hasEntry,
  stringList,
  textOf,
  typeOf,
  unbox,
  type Value,
} from '../values.ts'
import {
  anyMapParameter,
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  stringParameter,
  ternary,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'

const mapAndText = [anyMapParameter, stringParameter] as const
const maps = [anyMapParameter, anyMapParameter] as const

export const sprigDictFunctions: readonly GoFunction[] = [
  variadic('sprig_dict', anyParameter, toDictionary),
  binary('sprig_get', mapAndText, (map, key) => box(hasEntry(map, key) ? entryOf(map, key) : '')),
  ternary('sprig_set', [anyMapParameter, stringParameter, anyParameter], (map, key, value) => {
    if (map.isNil === true) throw new FunctionError('assignment to entry in nil map')
    map.entries.set(key, value)
    return map
  }),
  binary('sprig_unset', mapAndText, (map, key) => {
    map.entries.delete(key)
    return map
  }),
  binary('sprig_hasKey', mapAndText, (map, key) => hasEntry(map, key)),
  variadicAfter('sprig_pluck', [stringParameter, anyMapParameter], (key, given) =>
    anyList(given.filter(({ entries }) => entries.has(key)).map(({ entries }) => entries.get(key))),
  ),
  variadic('sprig_keys', anyMapParameter, (given) => stringList(given.flatMap(keysOf))),
  unary('sprig_values', anyMapParameter, (map) =>
    anyList(sortedEntries(map).map(({ value }) => unbox(value))),
  ),
  variadicAfter('sprig_pick', mapAndText, (map, keys) =>
    filtered(map, (key) => keys.includes(key)),
  ),
  variadicAfter('sprig_omit', mapAndText, (map, keys) =>
    filtered(map, (key) => !keys.includes(key)),
  ),
  ...['sprig_merge', 'sprig_mustMerge'].map((name) => merger(name, false)),
  ...['sprig_mergeOverwrite', 'sprig_mustMergeOverwrite'].map((name) => merger(name, true)),
  ...['sprig_deepCopy', 'sprig_mustDeepCopy'].map((name) => unary(name, anyParameter, copyOf)),
  variadic('sprig_dig', anyParameter, dig),
]

/** Keys and values in turn; a last key without a value gets an empty text. */
function toDictionary(words: readonly Value[]): Value {
  const entries = new Map<string, Value>()
  for (let at = 0; at < words.length; at += 2) {
    entries.set(sprint([words[at]]), at + 1 < words.length ? words[at + 1] : '')
  }
  return anyMap(entries)
}

/** In order; Go's own order differs from run to run. */
function keysOf(map: GoMap): readonly string[] {
  return sortedEntries(map).map(({ key }) => textOf(key) ?? '')
}

function filtered(map: GoMap, isKept: (key: string) => boolean): Value {
  return anyMap(new Map(Array.from(map.entries).filter(([key]) => isKept(key))))
}

function merger(name: string, overrides: boolean): GoFunction {
  return variadicAfter(name, maps, (given, sources) => {
    const target = given.isNil === true ? anyMap(new Map()) : given
    for (const source of sources) mergeInto(target, source, overrides)
    return box(target)
  })
}

function copyOf(value: Value): Value {
  if (value !== undefined) return box(deepCopy(value))
  throw new FunctionError('reflect: call of reflect.Value.Type on zero Value')
}

function deepCopy(given: Value): Value {
  const value = unbox(given)
  if (typeof value !== 'object') return value
  // The library copies exported fields alone, and a version has none.
  if (value.kind === 'pointer' && versionOf(value) !== undefined) return versionValue(noVersion)
  if (value.kind === 'slice') return { ...value, items: value.items.map(deepCopy) }
  if (value.kind !== 'map') return value
  const entries = Array.from(value.entries, ([key, member]) => [key, deepCopy(member)] as const)
  return { ...value, entries: new Map(entries) }
}

const noVersion: Version = {
  major: 0n,
  minor: 0n,
  patch: 0n,
  prerelease: '',
  metadata: '',
  original: '',
}

/** `dig "a" "b" fallback map`: the value at a path of keys, the fallback where a key is absent. */
function dig(words: readonly Value[]): Value {
  if (words.length < 3) throw new FunctionError('dig needs at least three arguments')
  const [fallback, map] = words.slice(-2)
  let current: Value = requireMap(map)
  for (const key of words.slice(0, -2).map(requireText)) {
    const inside = requireMap(current)
    if (!hasEntry(inside, key)) return box(fallback)
    current = unbox(entryOf(inside, key))
  }
  return box(current)
}

function requireText(value: Value): string {
  if (typeof value === 'string') return value
  throw conversionError(value, 'string')
}

function requireMap(value: Value): GoMap {
  if (typeof value === 'object' && value.kind === 'map' && value.type === anyMapType) return value
  throw conversionError(value, anyMapType)
}

function conversionError(value: Value, wanted: string): FunctionError {
  const type = value === undefined ? 'nil' : typeOf(value)
  return new FunctionError(`interface conversion: interface {} is ${type}, not ${wanted}`)
}
