/** Building and reading JSON maps in the shapes of Vault's API. */
import { JsonNumber, type JsonObject, type JsonValue } from '../../core/json.ts'

/** A map of the members written down in code, in their order. */
export function jsonObject(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return new Map(Object.entries(members))
}

export function jsonNumber(value: number): JsonNumber {
  return new JsonNumber(String(value))
}

/** The member as a string, empty when it is absent or of another type. */
export function textMember(object: JsonObject, name: string): string {
  const value = object.get(name)
  return typeof value === 'string' ? value : ''
}

/** The member as a number, zero when it is absent or of another type. */
export function numberMember(object: JsonObject, name: string): number {
  const value = object.get(name)
  return value instanceof JsonNumber ? Number(value.text) : 0
}

/** The strings of an array member, none when it is absent or of another type. */
export function textsMember(object: JsonObject, name: string): readonly string[] {
  const value = object.get(name)
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

export function objectMember(object: JsonObject, name: string): JsonObject | undefined {
  const value = object.get(name)
  return value instanceof Map ? value : undefined
}

/** `value` with sorted keys, as Go prints maps, and each number replaced by what `number` makes of it. */
export function sortKeys(
  value: JsonValue,
  number: (value: JsonNumber) => JsonNumber = (same) => same,
): JsonValue {
  if (value instanceof JsonNumber) return number(value)
  if (value instanceof Map) {
    const sorted = Array.from(value).sort(([left], [right]) => compareTexts(left, right))
    return new Map(sorted.map(([key, member]) => [key, sortKeys(member, number)]))
  }
  return Array.isArray(value) ? value.map((element) => sortKeys(element, number)) : value
}

/** By UTF-16 units, independent of the locale. */
export function compareTexts(left: string, right: string): number {
  if (left === right) return 0
  return left < right ? -1 : 1
}
