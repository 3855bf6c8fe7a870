/** Go's JSON encoding of Kubernetes' types: what a value becomes when it is decoded into one and encoded again. */
import type { Problem } from '../problem.ts'
import { canonicalizeQuantity } from './quantity-text.ts'

export type GoType =
  | { readonly kind: 'string' | 'bool' | 'int' | 'quantity' | 'intOrString' }
  | { readonly kind: 'list' | 'map'; readonly of: GoType }
  | { readonly kind: 'struct'; readonly fields: ReadonlyMap<string, GoField> }

export interface GoField {
  readonly type: GoType
  /** A pointer: what is there stays, even where it is zero. */
  readonly pointer?: boolean
  /** Encoded even where it is empty. */
  readonly always?: boolean
}

export type Conversion =
  | { readonly kind: 'ok'; readonly value: unknown }
  | { readonly kind: 'problem'; readonly problem: Problem }

/** Thrown and caught here. */
class Mismatch extends Error {
  readonly path: string
  readonly expected: string

  constructor(path: string, expected: string) {
    super('mismatch')
    this.path = path
    this.expected = expected
  }
}

/** Unknown fields, nulls and zeros go, quantities become canonical. Problem code `pod`. */
export function convert(type: GoType, value: unknown, path: string): Conversion {
  try {
    return { kind: 'ok', value: encode(type, value, path) }
  } catch (thrown) {
    if (!(thrown instanceof Mismatch)) throw thrown
    const { path: at, expected } = thrown
    return { kind: 'problem', problem: { code: 'pod', path: at, expected } }
  }
}

function encode(type: GoType, value: unknown, path: string): unknown {
  switch (type.kind) {
    case 'string':
      return take(value, '', path)
    case 'bool':
      return take(value, false, path)
    case 'int':
      return encodeInteger(value, path)
    case 'quantity':
      return encodeQuantity(value, path)
    case 'intOrString':
      if (value === null || value === undefined) return 0
      if (typeof value === 'string') return value
      return encodeInteger(value, path)
    case 'list':
      return encodeList(type.of, value, path)
    case 'map':
      return encodeMap(type.of, value, path)
    case 'struct':
      return encodeStruct(type.fields, value, path)
  }
}

function take<T extends string | boolean>(value: unknown, zero: T, path: string): unknown {
  if (value === null || value === undefined) return zero
  if (typeof value === typeof zero) return value
  throw new Mismatch(path, typeof zero === 'string' ? 'text' : 'true or false')
}

function encodeInteger(value: unknown, path: string): unknown {
  if (value === null || value === undefined) return 0
  // Beyond 2^53 the text is lost already; the value is left to whoever holds it.
  if (typeof value === 'bigint' || Number.isInteger(value)) return value
  throw new Mismatch(path, 'a whole number')
}

function encodeQuantity(value: unknown, path: string): string {
  if (value === null || value === undefined) return '0'
  const text = typeof value === 'number' ? String(value) : value
  const canonical = typeof text === 'string' ? canonicalizeQuantity(text.trim()) : undefined
  if (canonical === undefined) throw new Mismatch(path, 'a Kubernetes quantity')
  return canonical
}

function encodeList(of: GoType, value: unknown, path: string): readonly unknown[] {
  if (value === null || value === undefined) return []
  if (!Array.isArray(value)) throw new Mismatch(path, 'a list')
  return value.map((element, index) => encode(of, element, `${path}[${index}]`))
}

function encodeMap(of: GoType, value: unknown, path: string): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    listEntries(value, path).map(([key, entry]) => [key, encode(of, entry, `${path}.${key}`)]),
  )
}

function encodeStruct(
  fields: ReadonlyMap<string, GoField>,
  value: unknown,
  path: string,
): Readonly<Record<string, unknown>> {
  const given = matchFields(fields, listEntries(value, path))
  const encoded = [...fields].flatMap(([name, field]): [string, unknown][] => {
    const own = given.get(name)
    if (field.pointer === true && (own === null || own === undefined)) {
      return field.always === true ? [[name, null]] : []
    }
    const result = encode(field.type, own, `${path}.${name}`)
    const kept = field.pointer === true || field.always === true || !isEmpty(field.type, result)
    return kept ? [[name, result]] : []
  })
  return Object.fromEntries(encoded)
}

/** Source: encoding/json, which takes a key in any letter case; the last one counts. */
function matchFields(
  fields: ReadonlyMap<string, GoField>,
  entries: readonly (readonly [string, unknown])[],
): ReadonlyMap<string, unknown> {
  const matched = new Map<string, unknown>()
  for (const [key, value] of entries) {
    const name = fields.has(key)
      ? key
      : [...fields.keys()].find((candidate) => candidate.toLowerCase() === key.toLowerCase())
    // A null leaves what an earlier key of the same field said.
    if (name !== undefined && (value !== null || !matched.has(name))) matched.set(name, value)
  }
  return matched
}

function listEntries(value: unknown, path: string): readonly (readonly [string, unknown])[] {
  if (value === null || value === undefined) return []
  if (typeof value === 'object' && !Array.isArray(value)) return Object.entries(value)
  throw new Mismatch(path, 'an object')
}

/** Source: encoding/json, `omitempty`: a struct that is no pointer is never empty. */
function isEmpty({ kind }: GoType, value: unknown): boolean {
  if (kind === 'struct' || kind === 'quantity' || kind === 'intOrString') return false
  if (Array.isArray(value)) return value.length === 0
  if (typeof value === 'object' && value !== null) return Object.keys(value).length === 0
  return value === '' || value === false || value === 0
}
