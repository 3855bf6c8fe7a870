/** sprig's lists; results are new lists of any elements. Source: sprig's list.go. */
import { deepEqual } from '../deep-equal.ts'
import { kindName } from '../kind-name.ts'
import { sliceItems } from '../slice-items.ts'
import { anyList, anyListType, box, type GoSlice, isTrue, unbox, type Value } from '../values.ts'
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  intParameter,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'
import { toInt64 } from './sprig-math.ts'

const twoValues = [anyParameter, anyParameter] as const

export const sprigListFunctions: readonly GoFunction[] = [
  variadic('sprig_list', anyParameter, anyList),
  variadic('sprig_tuple', anyParameter, anyList),
  variadic('sprig_concat', anyParameter, (lists) =>
    anyList(lists.flatMap((list) => itemsOf(list, (kind) => `Cannot concat type ${kind} as list`))),
  ),
  ...both(
    ['sprig_first', 'sprig_mustFirst'],
    overList('find first on', (items) => box(items.at(0))),
  ),
  ...both(
    ['sprig_last', 'sprig_mustLast'],
    overList('find last on', (items) => box(items.at(-1))),
  ),
  ...both(
    ['sprig_rest', 'sprig_mustRest'],
    overList('find rest on', (items) => anyList(items.slice(1))),
  ),
  ...both(
    ['sprig_initial', 'sprig_mustInitial'],
    overList('find initial on', (items) => anyList(items.slice(0, -1))),
  ),
  ...both(
    ['sprig_reverse', 'sprig_mustReverse'],
    overList('find reverse on', (items) => anyList(items.toReversed())),
  ),
  ...both(
    ['sprig_uniq', 'sprig_mustUniq'],
    overList('find uniq on', (items) => anyList(withoutRepeats(items))),
  ),
  ...both(
    ['sprig_compact', 'sprig_mustCompact'],
    overList('compact on', (items) => anyList(items.filter(isTrue))),
  ),
  ...both(['sprig_append', 'sprig_mustAppend', 'sprig_push', 'sprig_mustPush'], (name) =>
    binary(name, twoValues, (list, value) => anyList([...itemsFor('push on', list), value])),
  ),
  ...both(['sprig_prepend', 'sprig_mustPrepend'], (name) =>
    binary(name, twoValues, (list, value) => anyList([value, ...itemsFor('prepend on', list)])),
  ),
  ...both(['sprig_without', 'sprig_mustWithout'], (name) =>
    variadicAfter(name, twoValues, (list, unwanted) =>
      anyList(itemsFor('find without on', list).filter((item) => !includes(unwanted, item))),
    ),
  ),
  ...both(['sprig_has', 'sprig_mustHas'], (name) =>
    binary(name, twoValues, (value, list) =>
      list === undefined ? false : includes(itemsFor('find has on', list), value),
    ),
  ),
  ...both(['sprig_slice', 'sprig_mustSlice'], (name) => variadicAfter(name, twoValues, slice)),
  ...both(['sprig_chunk', 'sprig_mustChunk'], (name) =>
    binary(name, [intParameter, anyParameter], chunk),
  ),
]

/** One function under several names; the strict ones fail in the same words. */
function both(
  names: readonly string[],
  create: (name: string) => GoFunction,
): readonly GoFunction[] {
  return names.map(create)
}

function overList(
  doing: string,
  run: (items: readonly Value[]) => Value,
): (name: string) => GoFunction {
  return (name) => unary(name, anyParameter, (list) => run(itemsFor(doing, list)))
}

function itemsFor(doing: string, list: Value): readonly Value[] {
  return itemsOf(list, (kind) => `Cannot ${doing} type ${kind}`)
}

function itemsOf(list: Value, describe: (kind: string) => string): readonly Value[] {
  if (typeof list === 'object' && list.kind === 'slice') return list.items.map(unbox)
  if (list === undefined) throw new FunctionError(nilDereference)
  throw new FunctionError(describe(kindName(list)))
}

/** What Go panics with when it asks nil for its type. */
const nilDereference = 'runtime error: invalid memory address or nil pointer dereference'

function includes(items: readonly Value[], value: Value): boolean {
  return items.some((item) => deepEqual(item, value))
}

function withoutRepeats(items: readonly Value[]): readonly Value[] {
  const kept: Value[] = []
  for (const item of items) if (!includes(kept, item)) kept.push(item)
  return kept
}

/** Lists of `size` elements, the last with what is left. */
function chunk(size: bigint, list: Value): Value {
  const items = itemsFor('chunk', list)
  if (size === 0n || Math.floor((items.length - 1) / Number(size)) < -1) {
    throw new FunctionError('runtime error: makeslice: len out of range')
  }
  // The library counts the chunks before it looks at them: a negative size may make none.
  if (size < 0n && items.length > 1) return { kind: 'slice', type: `[]${anyListType}`, items: [] }
  if (size < 0n) throw new FunctionError('runtime error: makeslice: len out of range')
  const chunks: GoSlice[] = []
  for (let at = 0; at < items.length; at += Number(size)) {
    chunks.push(anyList(items.slice(at, at + Number(size))))
  }
  return { kind: 'slice', type: `[]${anyListType}`, items: chunks }
}

/** Of the same type as the list; nil for an empty one. */
function slice(list: Value, [first, second]: readonly Value[]): Value {
  if (list === undefined) throw new FunctionError(nilDereference)
  if (typeof list !== 'object' || list.kind !== 'slice') {
    throw new FunctionError(`list should be type of slice or array but ${kindName(list)}`)
  }
  const { items, capacity = items.length } = list
  if (items.length === 0) return box(undefined)
  const start = first === undefined ? 0n : toInt64(first)
  const end = second === undefined ? BigInt(items.length) : toInt64(second)
  if (start < 0n || start > end || end > BigInt(capacity)) {
    throw new FunctionError('reflect.Value.Slice: slice index out of bounds')
  }
  return box(sliceItems(list, Number(start), Number(end)))
}
