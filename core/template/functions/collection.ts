/** Functions that search, unfold and merge lists and maps. Source: consul-template's template/funcs.go. */

import { plainSpec } from '../format-spec.ts'
import { sortedEntries } from '../map-key.ts'
import { mergeInto } from '../merge.ts'
import { printArgument } from '../printer.ts'
import { quote } from '../quote.ts'
import { anyMap, anyMapType, type GoMap, textOf, typeOf, unbox, type Value } from '../values.ts'
import {
  anyListParameter,
  anyMapParameter,
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  unary,
} from './function.ts'

export const collectionFunctions: readonly GoFunction[] = [
  binary('in', [anyParameter, anyParameter], isIn),
  binary('contains', [anyParameter, anyParameter], (value, list) => isIn(list, value)),
  some('containsAll', (values, isFound) => values.every(isFound)),
  some('containsAny', (values, isFound) => values.some(isFound)),
  some('containsNone', (values, isFound) => !values.some(isFound)),
  some('containsNotAll', (values, isFound) => !values.every(isFound)),
  unary('explodeMap', anyMapParameter, explodeMap),
  merger('mergeMap', false),
  merger('mergeMapWithOverride', true),
]

/** One of the two takes options too, which no template can give. */
function merger(name: string, overrides: boolean): GoFunction {
  const merge = binary(name, [anyMapParameter, anyMapParameter], (a, b) => merged(a, b, overrides))
  return overrides ? merge : { ...merge, rest: 'func(*mergo.Config)' }
}

function some(
  name: string,
  holds: (values: readonly Value[], isFound: (value: Value) => boolean) => boolean,
): GoFunction {
  return binary(name, [anyListParameter, anyParameter], (values, list) =>
    holds(values, (value) => isIn(list, unbox(value))),
  )
}

/** Strings, integers and floats of the same kind in a list, or part of a text; nothing else is ever found. */
function isIn(list: Value, value: Value): boolean {
  if (typeof list === 'object' && list.kind === 'slice') {
    return list.items.some((item) => isSame(unbox(item), value))
  }
  const text = textOf(list)
  if (text === undefined) return false
  const part = textFrom(value)
  return typeOf(list) === typeOf(value) && text.includes(part)
}

/** Go panics when it asks nil for its type. */
function textFrom(value: Value): string {
  if (value !== undefined) return textOf(value) ?? ''
  throw new FunctionError('reflect: call of reflect.Value.Type on zero Value')
}

function isSame(item: Value, value: Value): boolean {
  if (textOf(item) !== undefined) {
    return textFrom(value) === textOf(item) && typeOf(item) === typeOf(value)
  }
  if (typeof item !== 'object' || typeof value !== 'object' || item.kind !== value.kind)
    return false
  if (item.kind === 'int' && value.kind === 'int') return item.value === value.value
  return item.kind === 'float' && value.kind === 'float' && item.value === value.value
}

/** `{"a/b": 1}` becomes `{"a": {"b": 1}}`. */
function explodeMap(map: GoMap): Value {
  const root = anyMap(new Map())
  for (const { key, value } of sortedEntries(map)) {
    const path = textOf(key) ?? ''
    explodeInto(root, { path, rest: path.split('/'), value: unbox(value) })
  }
  return root
}

interface Explosion {
  /** The whole key, for errors. */
  readonly path: string
  readonly rest: readonly string[]
  readonly value: Value
}

function explodeInto(map: GoMap, { path, rest, value }: Explosion): void {
  const [top = '', ...further] = rest
  if (further.length === 0) {
    if (top !== '') map.entries.set(top, value)
    return
  }
  if (!map.entries.has(top)) map.entries.set(top, anyMap(new Map()))
  const nested = unbox(map.entries.get(top))
  if (typeof nested !== 'object' || nested.kind !== 'map' || nested.type !== anyMapType) {
    throw new FunctionError(
      'explodeMap: not a map: ',
      { value: quote(path) },
      ': ',
      { value: quote(top) },
      ' already has value ',
      { value: printArgument(nested, 'q', plainSpec) },
    )
  }
  explodeInto(nested, { path, rest: further, value })
}

/** Changes the first map, as in Go; nil becomes a map of its own. */
function merged(target: GoMap, source: GoMap, overrides: boolean): Value {
  const map = target.isNil === true ? anyMap(new Map()) : target
  mergeInto(map, source, overrides)
  return map
}
