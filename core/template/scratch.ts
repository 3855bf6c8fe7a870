/** The store of values that a template keeps for itself while it is rendered. Source: consul-template's template/scratch.go. */
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  stringParameter,
  ternary,
  unary,
} from './functions/function.ts'
import { sortedEntries } from './map-key.ts'
import { quote } from './quote.ts'
import {
  anyList,
  anyListType,
  anyMap,
  anyMapType,
  box,
  type GoMap,
  type GoPointer,
  type GoStruct,
  type StructType,
  unbox,
  type Value,
  zeroOf,
} from './values.ts'

const scratchType: StructType = {
  name: 'template.Scratch',
  fields: new Map([['values', anyMapType]]),
}

/** An empty store; every rendering has one. */
export function createScratch(): GoPointer {
  const fields = new Map<string, Value>([['values', anyMap(new Map())]])
  const target: GoStruct = { kind: 'struct', structType: scratchType, fields }
  return { kind: 'pointer', structType: scratchType, target }
}

/** The store's method of that name. */
export function scratchMethod(value: GoStruct, name: string): GoFunction | undefined {
  const values = value.fields.get('values')
  if (value.structType !== scratchType || typeof values !== 'object' || values.kind !== 'map') {
    return undefined
  }
  return methodsOf(values).find((method) => method.name === name)
}

const keyAndValue = [stringParameter, anyParameter] as const
const twoKeysAndValue = [stringParameter, stringParameter, anyParameter] as const

function methodsOf(store: GoMap): readonly GoFunction[] {
  return [
    unary('Key', stringParameter, (key) => store.entries.has(key)),
    unary('Get', stringParameter, (key) => box(store.entries.get(key))),
    binary('Set', keyAndValue, (key, value) => put(store, key, value)),
    binary('SetX', keyAndValue, (key, value) => putOnce(store, key, value)),
    ternary('MapSet', twoKeysAndValue, (key, member, value) =>
      put(mapAt(store, key), member, value),
    ),
    ternary('MapSetX', twoKeysAndValue, (key, member, value) =>
      putOnce(mapAt(store, key), member, value),
    ),
    unary('MapValues', stringParameter, (key) => {
      const map = unbox(store.entries.get(key))
      const isMap = typeof map === 'object' && map.kind === 'map'
      return isMap ? anyList(sortedEntries(map).map(({ value }) => value)) : zeroOf(anyListType)
    }),
  ]
}

/** Prints nothing. */
function put(map: GoMap, key: string, value: Value): string {
  map.entries.set(key, value)
  return ''
}

function putOnce(map: GoMap, key: string, value: Value): string {
  return map.entries.has(key) ? '' : put(map, key, value)
}

function mapAt(store: GoMap, key: string): GoMap {
  if (!store.entries.has(key)) store.entries.set(key, anyMap(new Map()))
  const map = unbox(store.entries.get(key))
  if (typeof map === 'object' && map.kind === 'map' && map.type === anyMapType) return map
  throw new FunctionError({ value: quote(key) }, ' is not a map')
}
