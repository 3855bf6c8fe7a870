/** Fields of roles and configurations: one table each, read as leniently as Vault reads them. */
import { parseDuration } from '../../core/duration.ts'
import type { JsonObject } from '../../core/json.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import { Refusal } from './exchange.ts'
import { jsonNumber } from './json.ts'

/** `texts`: an array or a comma-separated string. `seconds`: a number or a Go duration, stored as seconds. */
export type FieldKind = 'text' | 'texts' | 'number' | 'seconds' | 'boolean' | 'object'

/** Field name → kind. Names are Vault's. */
export type FieldTable = Readonly<Record<string, FieldKind>>

const zeros: Readonly<Record<FieldKind, JsonValue>> = {
  text: '',
  texts: [],
  number: jsonNumber(0),
  seconds: jsonNumber(0),
  boolean: false,
  object: null,
}

/** The fields of `table`: from `body`, else from `previous`, else zero. Unknown members are ignored. Throws a 400 `Refusal`. */
export function readFields(table: FieldTable, body: JsonObject, previous?: JsonObject): JsonObject {
  const fields = Object.entries(table).map(([name, kind]): readonly [string, JsonValue] => {
    const given = body.get(name)
    if (given === undefined || given === null) return [name, previous?.get(name) ?? zeros[kind]]
    return [name, readField(kind, given, name)]
  })
  return new Map(fields)
}

/** Seconds of a number or of a Go duration. Throws a 400 `Refusal`. */
export function readSeconds(given: JsonValue | undefined, name: string): number {
  if (given === undefined || given === null || given === '') return 0
  const text = given instanceof JsonNumber ? given.text : given
  const parsed = typeof text === 'string' ? parseDuration(text, name) : undefined
  if (parsed?.kind === 'ok') return Math.floor(parsed.value / 1000)
  throw invalid(name, 'a duration such as "90s", "1h" or a number of seconds')
}

function readField(kind: FieldKind, given: JsonValue, name: string): JsonValue {
  switch (kind) {
    case 'number':
      return jsonNumber(readNumber(given, name))
    case 'seconds':
      return jsonNumber(readSeconds(given, name))
    case 'texts':
      return readTexts(given, name)
    case 'text':
      if (typeof given === 'string') return given
      throw invalid(name, 'a string')
    case 'boolean':
      if (typeof given === 'boolean') return given
      if (given === 'true' || given === 'false') return given === 'true'
      throw invalid(name, 'true or false')
    case 'object':
      if (given instanceof Map) return given
      throw invalid(name, 'an object')
  }
}

/** A whole number, or its digits as a string. Throws a 400 `Refusal`. */
export function readNumber(given: JsonValue, name: string): number {
  const text = given instanceof JsonNumber ? given.text : given
  if (typeof text === 'string' && /^-?\d{1,15}$/.test(text)) return Number(text)
  throw invalid(name, 'a whole number')
}

/** An array of strings, or a string of comma-separated parts. Throws a 400 `Refusal`. */
export function readTexts(given: JsonValue, name: string): readonly string[] {
  if (typeof given === 'string') {
    return given
      .split(',')
      .map((part) => part.trim())
      .filter((part) => part !== '')
  }
  if (Array.isArray(given) && given.every((item) => typeof item === 'string')) return given
  throw invalid(name, 'an array of strings or a comma-separated string')
}

function invalid(name: string, expected: string): Refusal {
  return new Refusal(400, `error converting input for field "${name}": expected ${expected}`)
}
