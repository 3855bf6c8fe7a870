/** Values as JSON text, as Go's encoding/json writes them. */
import { replacementRune, runesOf, type SourceRune } from './byte-string.ts'
import { FunctionError } from './functions/function.ts'
import { sortedEntries } from './map-key.ts'
import { textFormOf } from './text-form.ts'
import { anyKeyMapType, type GoMap, textOf, typeOf, unbox, type Value } from './values.ts'

export interface JsonStyle {
  /** Whether `<`, `>` and `&` are escaped, Go's default. */
  readonly escapesHtml: boolean
  /** Two spaces, say; no line breaks without it. */
  readonly indent?: string
}

/** Byte string; keys by their bytes, number texts kept. Throws `FunctionError` for what has no JSON form. */
export function toGoJson(value: Value, style: JsonStyle): string {
  return write(value, { style, lineBreak: '\n' })
}

interface Layout {
  readonly style: JsonStyle
  /** What stands before a closing bracket: the line break and the space of its level. */
  readonly lineBreak: string
}

const brackets = { open: '[', close: ']' }
const braces = { open: '{', close: '}' }

function write(given: Value, layout: Layout): string {
  const value = unbox(given)
  if (value === undefined) return 'null'
  if (typeof value === 'string') return writeString(value, layout.style)
  if (typeof value === 'boolean') return String(value)
  switch (value.kind) {
    case 'int':
    case 'uint':
      return String(value.value)
    case 'float':
      return writeFloat(value.value)
    case 'named-string':
      return value.text
    case 'slice':
      if (value.isNil === true) return 'null'
      return enclose(
        brackets,
        value.items.map((item) => write(item, deeper(layout))),
        layout,
      )
    case 'map':
      return value.isNil === true ? 'null' : writeMembers(membersOf(value), layout)
    case 'pointer':
      return value.target === undefined ? 'null' : write(value.target, layout)
    case 'struct':
      if (textFormOf(value) !== undefined) return writeString(textFormOf(value) ?? '', layout.style)
      return writeMembers([...value.fields], layout)
    default:
      throw new FunctionError(`json: unsupported type: ${typeOf(value)}`)
  }
}

function deeper({ style, lineBreak }: Layout): Layout {
  return { style, lineBreak: lineBreak + (style.indent ?? '') }
}

/** Only maps with string keys have a JSON form. */
function membersOf(map: GoMap): readonly (readonly [string, Value])[] {
  if (map.type === anyKeyMapType) throw new FunctionError(`json: unsupported type: ${map.type}`)
  return sortedEntries(map).map(({ key, value }) => [textOf(key) ?? '', value])
}

function writeMembers(members: readonly (readonly [string, Value])[], layout: Layout): string {
  const colon = layout.style.indent === undefined ? ':' : ': '
  const inside = deeper(layout)
  const texts = members.map(
    ([key, member]) => writeString(key, layout.style) + colon + write(member, inside),
  )
  return enclose(braces, texts, layout)
}

function enclose(
  { open, close }: { readonly open: string; readonly close: string },
  texts: readonly string[],
  { style, lineBreak }: Layout,
): string {
  const { indent } = style
  if (indent === undefined || texts.length === 0) return open + texts.join(',') + close
  const inside = lineBreak + indent
  return open + inside + texts.join(`,${inside}`) + lineBreak + close
}

/** Go writes floats as JavaScript does, except for negative zero. */
function writeFloat(value: number): string {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new FunctionError(`json: unsupported value: ${name}`)
  }
  return Object.is(value, -0) ? '-0' : String(value)
}

const shortEscapes = new Map([
  ['"', '\\"'],
  ['\\', '\\\\'],
  ['\b', '\\b'],
  ['\f', '\\f'],
  ['\n', '\\n'],
  ['\r', '\\r'],
  ['\t', '\\t'],
])

const plainText = /^[ !#-%'-;=?-[\]-~\x7f]*$/

function writeString(text: string, style: JsonStyle): string {
  if (plainText.test(text)) return `"${text}"`
  let quoted = '"'
  for (const rune of runesOf(text)) quoted += writeRune(rune, style)
  return `${quoted}"`
}

function writeRune({ rune, size, bytes }: SourceRune, style: JsonStyle): string {
  const short = shortEscapes.get(bytes)
  if (short !== undefined) return short
  if (rune === replacementRune && size === 1) return '\\ufffd'
  const escaped = rune < 0x20 || rune === 0x2028 || rune === 0x2029
  if (escaped || (style.escapesHtml && '<>&'.includes(bytes))) {
    return `\\u${rune.toString(16).padStart(4, '0')}`
  }
  return bytes
}
