/** Members of the answers of AWS's JSON services. */
import { JsonNumber, type JsonObject, type JsonValue } from '../../json.ts'

export function textIn(object: JsonObject, name: string): string | undefined {
  const value = object.get(name)
  return typeof value === 'string' ? value : undefined
}

/** The objects of an array; none where it is absent. */
export function objectsIn(object: JsonObject, name: string): readonly JsonObject[] {
  return arrayIn(object, name).filter((value): value is JsonObject => value instanceof Map)
}

export function textsIn(object: JsonObject, name: string): readonly string[] {
  return arrayIn(object, name).filter((value) => typeof value === 'string')
}

/** The text of a number. */
export function numberIn(object: JsonObject, name: string): string | undefined {
  const value = object.get(name)
  return value instanceof JsonNumber ? value.text : undefined
}

/** Milliseconds since the epoch: the services give seconds, with a fraction. */
export function timeIn(object: JsonObject, name: string): number | undefined {
  const text = numberIn(object, name)
  return text === undefined ? undefined : Math.round(Number(text) * 1000)
}

function arrayIn(object: JsonObject, name: string): readonly JsonValue[] {
  const value = object.get(name)
  return Array.isArray(value) ? value : []
}
