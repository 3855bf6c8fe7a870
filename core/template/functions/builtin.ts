/** Go's own functions except comparisons. Source: Go's text/template/funcs.go. */
import { escapeHtml, escapeJs, escapeQuery, joinArguments } from '../escape.ts'
import { keyName } from '../map-key.ts'
import { sprint, sprintln } from '../printer.ts'
import { sprintf } from '../printf.ts'
import { sliceItems } from '../slice-items.ts'
import {
  anyKeyMapType,
  elementOf,
  elementType,
  entryOf,
  type GoMap,
  type GoSlice,
  hasEntry,
  indirect,
  int,
  isTrue,
  textOf,
  typeOf,
  unbox,
  type Value,
  zeroOf,
} from '../values.ts'
import {
  anyParameter,
  FunctionError,
  type GoFunction,
  reflectedParameter,
  stringParameter,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'

const anyOfThem = [reflectedParameter, reflectedParameter] as const

/** The evaluator runs these two itself: they must not evaluate every argument. */
function shortCircuit(name: 'and' | 'or'): GoFunction {
  const { type } = reflectedParameter
  return { name, form: name, parameters: [type], rest: type, run: ([first]) => first }
}

export const builtinFunctions: readonly GoFunction[] = [
  shortCircuit('and'),
  shortCircuit('or'),
  unary('not', reflectedParameter, (value) => !isTrue(value)),
  unary('len', reflectedParameter, length),
  variadicAfter('index', anyOfThem, (item, indexes) => {
    if (unbox(item) === undefined) throw new FunctionError('index of untyped nil')
    return indexes.reduce(indexOnce, unbox(item))
  }),
  variadicAfter('slice', anyOfThem, slice),
  { ...variadicAfter('call', anyOfThem, call), form: 'call' },
  variadic('print', anyParameter, sprint),
  variadic('println', anyParameter, sprintln),
  variadicAfter('printf', [stringParameter, anyParameter], (format, values) =>
    sprintf(format, values),
  ),
  variadic('html', anyParameter, (values) => escapeHtml(joinArguments(values))),
  variadic('js', anyParameter, (values) => escapeJs(joinArguments(values))),
  variadic('urlquery', anyParameter, (values) => escapeQuery(joinArguments(values))),
]

function length(given: Value): Value {
  const { value, isNil } = indirect(given)
  if (isNil) throw new FunctionError('len of nil pointer')
  const size = sizeOf(value)
  if (size !== undefined) return int(size)
  if (value !== undefined) throw new FunctionError(`len of type ${typeOf(value)}`)
  throw new FunctionError('reflect: call of reflect.Value.Type on zero Value')
}

function sizeOf(value: Value): number | undefined {
  if (typeof value === 'string') return value.length
  if (typeof value !== 'object') return undefined
  switch (value.kind) {
    case 'named-string':
      return value.text.length
    case 'slice':
      return value.items.length
    case 'map':
      return value.entries.size
    case 'channel':
      return 0
    default:
      return undefined
  }
}

function indexOnce(item: Value, givenIndex: Value): Value {
  const index = unbox(givenIndex)
  const { value, isNil } = indirect(item)
  if (isNil) throw new FunctionError('index of nil pointer')
  const text = textOf(value)
  if (text !== undefined) return byteAt(text, index)
  if (typeof value === 'object' && value.kind === 'slice') {
    const at = toIndex(index, value.items.length)
    if (at === value.items.length) throw new FunctionError('reflect: slice index out of range')
    return elementOf(value, value.items[at])
  }
  if (typeof value === 'object' && value.kind === 'map') return memberAt(value, index)
  throw new FunctionError(`can't index item of type ${typeOf(value)}`)
}

function byteAt(text: string, index: Value): Value {
  const at = toIndex(index, text.length)
  if (at === text.length) throw new FunctionError('reflect: string index out of range')
  return { kind: 'uint', type: 'uint8', value: BigInt(text.charCodeAt(at)) }
}

function memberAt(map: GoMap, key: Value): Value {
  if (map.type !== anyKeyMapType && typeof key !== 'string') {
    if (key === undefined) throw new FunctionError('value is nil; should be of type string')
    throw new FunctionError(`value has type ${typeOf(key)}; should be string`)
  }
  const name = keyName(unbox(key))
  if (!hasEntry(map, name)) return zeroOf(elementType(map))
  return elementOf(map, entryOf(map, name))
}

/** An index from 0 to `limit`, both allowed here. Unlike `index`, `slice` takes none out of an interface. */
function toIndex(index: Value, limit: number): number {
  if (index === undefined) throw new FunctionError('cannot index slice/array with nil')
  if (typeof index !== 'object' || (index.kind !== 'int' && index.kind !== 'uint')) {
    throw new FunctionError(`cannot index slice/array with type ${typeOf(index)}`)
  }
  const signed = BigInt.asIntN(64, index.value)
  if (signed < 0n || signed > BigInt(limit)) {
    throw new FunctionError(`index out of range: ${signed}`)
  }
  return Number(signed)
}

function slice(given: Value, indexes: readonly Value[]): Value {
  if (unbox(given) === undefined) throw new FunctionError('slice of untyped nil')
  const { value, isNil } = indirect(given)
  if (isNil) throw new FunctionError('slice of nil pointer')
  if (indexes.length > 3) throw new FunctionError(`too many slice indexes: ${indexes.length}`)
  const text = textOf(value)
  if (text !== undefined) {
    if (indexes.length === 3) throw new FunctionError('cannot 3-index slice a string')
    const [from, to] = toRange(indexes, text.length)
    const part = text.slice(from, to)
    return typeof value === 'object' && value.kind === 'named-string'
      ? { ...value, text: part }
      : part
  }
  if (typeof value === 'object' && value.kind === 'slice') {
    return sliceList(value, indexes)
  }
  throw new FunctionError(`can't slice item of type ${typeOf(value)}`)
}

function sliceList(list: GoSlice, indexes: readonly Value[]): GoSlice {
  const { items, capacity = items.length } = list
  const [start] = indexes.length === 0 ? [int(0)] : indexes
  const given = indexes.length < 2 ? [start, int(items.length)] : indexes
  const [from, to, limit] = toRange(given, capacity)
  return sliceItems(list, from, to, limit)
}

function toRange(
  indexes: readonly Value[],
  size: number,
): readonly [number, number, number | undefined] {
  const [from = 0, to = size, limit] = indexes.map((index) => toIndex(index, size))
  if (from > to) throw new FunctionError(`invalid slice index: ${from} > ${to}`)
  if (limit !== undefined && to > limit) {
    throw new FunctionError(`invalid slice index: ${to} > ${limit}`)
  }
  return [from, to, limit]
}

/** There are no function values in what stores answer, so this always fails; the evaluator puts the callee's name first. */
function call(callee: Value, [value]: readonly Value[]): Value {
  const target = unbox(value)
  if (target === undefined) throw new FunctionError('call of nil')
  throw new FunctionError(`non-function ${sprint([callee])} of type ${typeOf(target)}`)
}
