/** Whether two values are the same all the way down, types included. Source: Go's reflect.DeepEqual. */
import { type ConcreteValue, type GoStruct, typeOf, unbox, type Value } from './values.ts'

export function deepEqual(left: Value, right: Value): boolean {
  const [a, b] = [unbox(left), unbox(right)]
  if (a === undefined || b === undefined || typeof a !== 'object' || typeof b !== 'object') {
    return a === b
  }
  return typeOf(a) === typeOf(b) && sameObject(a, b)
}

type GoObject = Exclude<ConcreteValue, string | boolean>

function sameObject(a: GoObject, b: GoObject): boolean {
  if (a.kind === 'slice' && b.kind === 'slice') {
    const sameItems = a.items.every((item, at) => deepEqual(item, b.items[at]))
    return isNil(a) === isNil(b) && a.items.length === b.items.length && sameItems
  }
  if (a.kind === 'map' && b.kind === 'map') {
    return isNil(a) === isNil(b) && sameMembers(a.entries, b.entries)
  }
  if (a.kind === 'struct' && b.kind === 'struct') return sameMembers(a.fields, b.fields)
  if (a.kind === 'pointer' && b.kind === 'pointer') return sameTarget(a.target, b.target)
  if (a.kind === 'named-string' && b.kind === 'named-string') return a.text === b.text
  if ('value' in a && 'value' in b) return a.value === b.value
  return a === b
}

function isNil(container: { readonly isNil?: boolean }): boolean {
  return container.isNil === true
}

function sameTarget(a: GoStruct | undefined, b: GoStruct | undefined): boolean {
  return a === b || (a !== undefined && b !== undefined && sameMembers(a.fields, b.fields))
}

function sameMembers(a: ReadonlyMap<string, Value>, b: ReadonlyMap<string, Value>): boolean {
  if (a.size !== b.size) return false
  return Array.from(a).every(([key, value]) => b.has(key) && deepEqual(value, b.get(key)))
}
