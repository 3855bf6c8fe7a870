/** What a secret holds, whichever store and engine it comes from, and the one key that a reference picks out of it. */
import { JsonSyntaxError, type JsonValue, parseJson } from '../json.ts'
import { fromByteString, toByteString } from './byte-string.ts'
import { fromJson, fromMembers } from './json-value.ts'
import { findMember, suggestPath } from './named-member.ts'
import { nearestName } from './nearest-name.ts'
import type { SecretAnswer, SecretContent } from './secret-request.ts'
import { anyMap, type GoMap, unbox, type Value } from './values.ts'

/** `.Data`; undefined where the answer has none. */
export function readAnswer({ data, content }: SecretAnswer): GoMap | undefined {
  if (content !== undefined) return fromContent(content)
  return data === null ? undefined : fromMembers(data)
}

/** Of a store that is no Vault: `.Data.data` is the same again, so that a template may move there from KV version 2. */
function fromContent(content: SecretContent): GoMap {
  const map = content.kind === 'keys' ? anyMap(new Map(content.members)) : ofWhole(content.bytes)
  return { ...map, alias: 'data' }
}

/** The members of a JSON object; anything else is the value of the one key `value`. */
function ofWhole(bytes: string): GoMap {
  const json = parseText(bytes)
  return json instanceof Map ? fromMembers(json) : anyMap(new Map([['value', bytes]]))
}

/** An object or list of JSON; undefined for any other bytes. */
function parseText(bytes: string): JsonValue | undefined {
  if (!/^[ \t\n\r]*[[{]/.test(bytes)) return undefined
  const text = fromByteString(bytes)
  if (toByteString(text) !== bytes) return undefined
  try {
    return parseJson(text)
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return undefined
    throw thrown
  }
}

export interface SecretData {
  /** The inner data of KV version 2, else the answer's data; empty where there is none. */
  readonly data: GoMap
  /** KV version 2 only: version, times, custom metadata. */
  readonly metadata: GoMap | undefined
}

/** Version 2 answers with `data` and `metadata` and nothing else; a version 1 secret that has both is taken for it. */
export function readSecretData(answered: GoMap): SecretData {
  const { entries } = answered
  const inner = unbox(entries.get('data'))
  const metadata = unbox(entries.get('metadata'))
  const isVersioned =
    entries.size === 2 &&
    entries.has('data') &&
    answered.alias === undefined &&
    typeof metadata === 'object' &&
    metadata.kind === 'map'
  if (!isVersioned) return { data: answered, metadata: undefined }
  const hasData = typeof inner === 'object' && inner.kind === 'map'
  return { data: hasData ? inner : anyMap(new Map()), metadata }
}

/** What a reference picks: a value under the last of the keys that lead to it. Byte string. */
export interface Picked {
  readonly key: string
  readonly value: Value
}

/**
 * The key as it is written, for keys hold dots too (`tls.crt`), else keys with dots between them; the longest that exist win. A
 * list has its elements under 0, 1, …; a text that is a JSON object or list is one. Undefined where nothing is there.
 */
export function pickProperty(data: Value, property: string): Picked | undefined {
  const place = open(data)
  const own = findEntry(place, property)
  if (own !== undefined) return { key: property, value: own.value }
  for (let at = property.lastIndexOf('.'); at > 0; at = property.lastIndexOf('.', at - 1)) {
    const inner = findEntry(place, property.slice(0, at))
    const picked = inner && pickProperty(inner.value, property.slice(at + 1))
    if (picked !== undefined) return picked
  }
  return undefined
}

function open(given: Value): Value {
  const value = unbox(given)
  const json = typeof value === 'string' ? parseText(value) : undefined
  return json === undefined ? value : fromJson(json)
}

/** No length of a list, and no map by its alias. */
function findEntry(place: Value, name: string): { readonly value: Value } | undefined {
  if (typeof place !== 'object') return undefined
  if (place.kind === 'map') {
    return place.entries.has(name) ? { value: place.entries.get(name) } : undefined
  }
  return place.kind === 'slice' && name !== 'length' ? findMember(place, name) : undefined
}

/** The key that a missing one was probably meant to be. Byte strings; names are no values. */
export function suggestProperty(data: GoMap, property: string): string | undefined {
  const whole = nearestName(property, data.entries.keys())
  if (whole !== undefined) return whole
  const parts = property.split('.')
  const steps = parts.map((_, at) => parts.slice(0, at + 1).join('.'))
  const at = steps.findIndex((step) => pickProperty(data, step) === undefined)
  return at < 0 ? undefined : suggestPath(anyMap(data.entries), parts, at)?.join('.')
}
