/** JSON values of a known shape, put together and taken apart. */
import { type ErrorCode, isErrorCode } from '../../core/errors.ts'
import { JsonNumber, type JsonObject, type JsonValue } from '../../core/json.ts'

/** A value has another shape than it should. */
export class WrongShape extends Error {}

export function object(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return new Map(Object.entries(members))
}

export function number(value: number): JsonNumber {
  return new JsonNumber(String(Math.round(value)))
}

export function optionalTime(value: number | undefined): JsonValue {
  return value === undefined ? null : number(value)
}

export function parseOptionalTime(value: JsonValue | undefined): number | undefined {
  return value === null ? undefined : asNumber(value)
}

/** Members for the texts that are there. */
export function optionalTexts(
  texts: Readonly<Record<string, string | undefined>>,
): readonly (readonly [string, string])[] {
  return Object.entries(texts).flatMap(([key, text]) => (text === undefined ? [] : [[key, text]]))
}

export function parseOptionalTexts<Key extends string>(
  value: JsonObject,
  keys: readonly Key[],
): Readonly<Partial<Record<Key, string>>> {
  const texts: Partial<Record<Key, string>> = {}
  for (const key of keys) if (value.has(key)) texts[key] = asText(value.get(key))
  return texts
}

export function mapValues<T, U>(
  map: ReadonlyMap<string, T>,
  change: (value: T) => U,
): ReadonlyMap<string, U> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]))
}

export function optional<T>(
  value: JsonValue | undefined,
  parse: (value: JsonObject) => T,
): T | undefined {
  return value === null ? undefined : parse(asObject(value))
}

export function asObject(value: JsonValue | undefined): JsonObject {
  if (value instanceof Map) return value
  throw new WrongShape()
}

export function asArray(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value
  throw new WrongShape()
}

export function asText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  throw new WrongShape()
}

export function asErrorCode(value: JsonValue | undefined): ErrorCode {
  const text = asText(value)
  if (isErrorCode(text)) return text
  throw new WrongShape()
}

export function asNumber(value: JsonValue | undefined): number {
  if (value instanceof JsonNumber) return Number(value.text)
  throw new WrongShape()
}
