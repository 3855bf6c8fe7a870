/** JSON that a cloud answers, or that lies in its files; what it holds is secret and never shown. */
import { type JsonObject, type JsonValue, tryParseJson } from '../json.ts'
import { unavailable } from './ask.ts'

/** Errors: `credentials_unavailable` with `source`, the name of what is not a JSON object. */
export function parseObject(text: string, source: string): JsonObject {
  const value = tryParseJson(text)
  if (value instanceof Map) return value
  throw unavailable({ source, reason: 'not a JSON object' })
}

/** Errors: `credentials_unavailable` with `source` where there is no such text. */
export function requireMember(object: JsonObject, name: string, source: string): string {
  const value = textMember(object, name)
  if (value !== undefined) return value
  throw unavailable({ source, reason: `no ${name}` })
}

/** Undefined where it is absent, empty, or not a text. */
export function textMember(object: JsonObject, name: string): string | undefined {
  const value = object.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}

/** Empty where there is no such object. */
export function objectMember(object: JsonObject, name: string): JsonObject {
  const value = object.get(name)
  return value instanceof Map ? value : new Map<string, JsonValue>()
}
