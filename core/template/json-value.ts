/** JSON as Go values. */
import { JsonNumber, type JsonValue } from '../json.ts'
import { toByteString } from './byte-string.ts'
import { anyMap, type ConcreteValue, type GoMap, grownList } from './values.ts'

/** JSON as Vault's client decodes it, with json.Number for numbers; null is undefined. */
export function fromJson(value: JsonValue): ConcreteValue | undefined {
  if (value === null) return undefined
  if (typeof value === 'boolean') return value
  if (typeof value === 'string') return toByteString(value)
  if (value instanceof JsonNumber)
    return { kind: 'named-string', type: 'json.Number', text: value.text }
  if (value instanceof Map) return fromMembers(value)
  return grownList(Array.from(value, fromJson))
}

/** An object of JSON, in its order. */
export function fromMembers(members: ReadonlyMap<string, JsonValue>): GoMap {
  return anyMap(
    new Map(Array.from(members, ([key, member]) => [toByteString(key), fromJson(member)] as const)),
  )
}
