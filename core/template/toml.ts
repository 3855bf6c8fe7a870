/** Values as TOML, byte for byte as BurntSushi/toml 1.5 writes them. */
import { formatFloat } from './float-text.ts'
import { FunctionError } from './functions/function.ts'
import { sortedEntries } from './map-key.ts'
import { parseGoFloat, parseGoInt } from './strconv.ts'
import { textFormOf } from './text-form.ts'
import { instantOf } from './time/instant.ts'
import { anyKeyMapType, type ConcreteValue, textOf, typeOf, unbox, type Value } from './values.ts'

/** A document for a map, an expression for anything else. Throws `FunctionError` for what has no TOML form. */
export function toToml(given: Value): string {
  const value = unbox(given)
  if (value === undefined) {
    throw new FunctionError('reflect: call of reflect.Value.Type on zero Value')
  }
  const members = membersOf(value)
  if (members !== undefined) return writeTable([], members).replace(/^\n/, '')
  if (isTableList(value)) {
    throw new FunctionError('toml: top-level values must be Go maps or structs')
  }
  return writeInline(value)
}

type Members = readonly (readonly [string, ConcreteValue])[]

/** A map's or struct's members without those that are null; undefined for other values. */
function membersOf(value: ConcreteValue | undefined): Members | undefined {
  if (typeof value !== 'object') return undefined
  if (value.kind === 'pointer') return membersOf(value.target)
  if (value.kind === 'struct' && textFormOf(value) !== undefined) return undefined
  if (value.kind === 'struct') return withoutNil([...value.fields])
  if (value.kind !== 'map') return undefined
  if (value.type === anyKeyMapType) {
    throw new FunctionError('toml: cannot encode a map with non-string key type')
  }
  return withoutNil(sortedEntries(value).map((entry) => [textOf(entry.key) ?? '', entry.value]))
}

function withoutNil(members: readonly (readonly [string, Value])[]): Members {
  return members.flatMap(([key, member]) => {
    const value = unbox(member)
    const isNil = value === undefined || (typeof value === 'object' && isNilObject(value))
    return isNil ? [] : [[key, value] as const]
  })
}

function isNilObject(value: Exclude<ConcreteValue, string | boolean>): boolean {
  if (value.kind === 'pointer') return value.target === undefined
  return (value.kind === 'slice' || value.kind === 'map') && value.isNil === true
}

/** A list of nothing but tables, which is written as `[[name]]`. */
function isTableList(value: ConcreteValue): boolean {
  if (typeof value !== 'object' || value.kind !== 'slice' || value.items.length === 0) return false
  return itemsOf(value.items).every((item) => membersOf(item) !== undefined)
}

function itemsOf(items: readonly Value[]): readonly ConcreteValue[] {
  return items.map((item) => {
    const value = unbox(item)
    if (value !== undefined) return value
    throw new FunctionError('toml: cannot encode array with nil element')
  })
}

/** Plain members first, then tables, two spaces deeper on every level. */
function writeTable(path: readonly string[], members: Members): string {
  const tables = members.filter(([, value]) => isTable(value))
  const plain = members.filter(([, value]) => !isTable(value))
  const indent = '  '.repeat(path.length)
  const lines = plain.map(([key, value]) => `${indent}${quoteKey(key)} = ${writeInline(value)}\n`)
  return (
    lines.join('') + tables.map(([key, value]) => writeSubTable([...path, key], value)).join('')
  )
}

function isTable(value: ConcreteValue): boolean {
  return membersOf(value) !== undefined || isTableList(value)
}

function writeSubTable(path: readonly string[], value: ConcreteValue): string {
  const indent = '  '.repeat(path.length - 1)
  const name = path.map(quoteKey).join('.')
  const members = membersOf(value)
  if (members !== undefined) {
    const space = path.length === 1 ? '\n' : ''
    return `${space}${indent}[${name}]\n${writeTable(path, members)}`
  }
  const items = typeof value === 'object' && value.kind === 'slice' ? itemsOf(value.items) : []
  return items
    .map((item) => `\n${indent}[[${name}]]\n${writeTable(path, membersOf(item) ?? [])}`)
    .join('')
}

function writeInline(value: ConcreteValue): string {
  const text = textFormOf(value)
  if (text !== undefined) return instantOf(value) === undefined ? quoteText(text) : text
  const members = membersOf(value)
  if (members !== undefined) {
    const sorted = [
      ...members.filter(([, member]) => !isTable(member)),
      ...members.filter(([, member]) => isTable(member)),
    ]
    return `{${sorted.map(([key, member]) => `${quoteKey(key)} = ${writeInline(member)}`).join(', ')}}`
  }
  if (typeof value === 'string') return quoteText(value)
  if (typeof value === 'boolean') return String(value)
  switch (value.kind) {
    case 'int':
    case 'uint':
      return String(value.value)
    case 'float':
      return floatText(value.value)
    case 'named-string':
      return numberText(value.text)
    case 'slice':
      return `[${itemsOf(value.items).map(writeInline).join(', ')}]`
    default:
      throw new FunctionError(`toml: unsupported type: ${typeOf(value)}`)
  }
}

/** A json.Number as integer where it fits 64 bits, else as float. */
function numberText(text: string): string {
  const integer = parseGoInt(text, 10)
  if (integer.kind === 'ok') return String(integer.value)
  const float = parseGoFloat(text)
  if (float.kind === 'ok') return floatText(float.value)
  throw new FunctionError('toml: unable to convert a json.Number to int64 or float64')
}

/** Never with an exponent, always with a point. */
function floatText(value: number): string {
  if (Number.isNaN(value)) return 'nan'
  if (!Number.isFinite(value)) return value > 0 ? '+inf' : '-inf'
  const text = formatFloat(value, 'f', -1)
  return text.includes('.') ? text : `${text}.0`
}

const shortEscapes = new Map([
  ['\b', '\\b'],
  ['\t', '\\t'],
  ['\n', '\\n'],
  ['\f', '\\f'],
  ['\r', '\\r'],
  ['"', '\\"'],
  ['\\', '\\\\'],
])

function quoteText(text: string): string {
  const escaped = Array.from(text, (byte) => {
    const code = byte.charCodeAt(0)
    const isControl = code < 0x20 || code === 0x7f
    return shortEscapes.get(byte) ?? (isControl ? `\\u${code.toString(16).padStart(4, '0')}` : byte)
  })
  return `"${escaped.join('')}"`
}

function quoteKey(key: string): string {
  return /^[A-Za-z0-9_-]+$/.test(key) ? key : quoteText(key)
}
