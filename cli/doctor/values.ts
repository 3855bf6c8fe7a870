/** Values that were encoded, quoted or broken off on their way into the store. They are looked at and never told. */
import { type JsonObject, JsonSyntaxError, type JsonValue, parseJson } from '../../core/json.ts'
import type { CheckId } from './checks.ts'

export interface Oddity {
  readonly check: CheckId
  /** Of the value, with dots between the keys on its way; keys are names, as templates write them. */
  readonly key: string
}

/** Shorter texts are base64 by accident. */
const shortestEncoded = 12

/** `data` is what a template sees; of KV version 2 the inner one. */
export function findOddities(data: JsonObject): readonly Oddity[] {
  return Array.from(data, ([key, value]) => visit(key, key, value)).flat()
}

function visit(name: string, key: string, value: JsonValue): readonly Oddity[] {
  const own: Oddity[] = isQuoted(name) ? [{ check: 'quoted-text', key }] : []
  if (typeof value === 'string')
    return [...own, ...judgeText(value).map((check) => ({ check, key }))]
  if (!(value instanceof Map)) return own
  const inner = Array.from(value, ([member, part]) => visit(member, `${key}.${member}`, part))
  return [...own, ...inner.flat()]
}

function judgeText(text: string): readonly CheckId[] {
  if (isEncodedTwice(text)) return ['value-encoded-twice']
  if (isJsonInJson(text)) return ['value-json-in-json']
  // A text of several lines, a key in PEM for one, ends in one.
  const isOneLine = /^[^\r\n]+\r?\n$/.test(text)
  const bare = isOneLine ? text.trimEnd() : text
  return [
    ...(isOneLine ? (['value-ends-in-newline'] as const) : []),
    ...(isQuoted(bare) ? (['quoted-text'] as const) : []),
  ]
}

function isQuoted(text: string): boolean {
  return /^(["']).*\1$/s.test(text) && text.length > 1
}

function isEncodedTwice(text: string): boolean {
  const once = decode(text)
  const twice = once === undefined ? undefined : decode(once)
  return twice !== undefined
}

/** The text that is behind base64 of a text; undefined for what is none. */
function decode(encoded: string): string | undefined {
  const text = encoded.trim()
  if (text.length < shortestEncoded || text.length % 4 !== 0) return undefined
  if (!/^[A-Za-z0-9+/]+={0,2}$/.test(text)) return undefined
  const bytes = Buffer.from(text, 'base64')
  const decoded = bytes.toString('utf8')
  const isText = Buffer.from(decoded).equals(bytes) && /^[\P{Cc}\s]+$/u.test(decoded)
  return isText ? decoded : undefined
}

function isJsonInJson(text: string): boolean {
  if (!text.startsWith('"')) return false
  const outer = parse(text)
  const inner = typeof outer === 'string' ? parse(outer) : undefined
  return inner instanceof Map || Array.isArray(inner)
}

function parse(text: string): JsonValue | undefined {
  try {
    return parseJson(text)
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined
    throw thrown
  }
}
