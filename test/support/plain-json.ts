/** Parsed JSON or HCL as plain values, which tests compare and print well. */
import { parseWhole } from '../../agent/config/scalars.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'

export function toPlain(value: JsonValue): unknown {
  if (value instanceof JsonNumber) return parseWhole(value) ?? Number(value.text)
  if (value instanceof Map) {
    return Object.fromEntries(Array.from(value, ([key, member]) => [key, toPlain(member)]))
  }
  return Array.isArray(value) ? value.map(toPlain) : value
}
