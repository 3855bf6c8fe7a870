/** Values as a YAML document, byte for byte as yaml.v2 writes them. */
import { fromByteString, toByteString } from '../byte-string.ts'
import { formatFloat } from '../float-text.ts'
import { FunctionError } from '../functions/function.ts'
import { keyName, type MapEntry, sortedEntries } from '../map-key.ts'
import { parseGoFloat, parseGoInt } from '../strconv.ts'
import { textFormOf } from '../text-form.ts'
import { durationType, formatDuration } from '../time/duration.ts'
import { instantOf } from '../time/instant.ts'
import { type ConcreteValue, type GoStruct, typeOf, unbox, type Value } from '../values.ts'
import { inNaturalOrder } from './key-order.ts'
import { LineWriter } from './line-writer.ts'
import { hasLineBreak, plainStyleOf, type ScalarStyle, styleOf } from './scalar-style.ts'
import { writeScalar } from './scalar-writer.ts'

/** The document as byte string, ending in a line break. Throws `FunctionError` for what has no YAML form. */
export function toYaml(value: Value): string {
  const emitter = new Emitter()
  emitter.emit(unbox(value), { indent: -1, role: 'root' })
  return emitter.text.endsWith('\n') ? emitter.text : `${emitter.text}\n`
}

interface Place {
  /** Of the collection around, -1 for the root. */
  readonly indent: number
  readonly role: 'root' | 'item' | 'key' | 'value'
}

/** Keys longer than this go on a line of their own, behind `? `. */
const longestSimpleKey = 128

class Emitter {
  readonly #writer = new LineWriter()

  get text(): string {
    return this.#writer.text
  }

  emit(value: ConcreteValue | undefined, place: Place): void {
    const scalar = scalarText(value)
    if (scalar !== undefined) this.#emitScalar(scalar, plainStyleOf(scalar), place)
    else if (typeof value === 'string') this.#emitString(value, place)
    else if (typeof value === 'object') this.#emitObject(value, place)
  }

  #emitObject(value: Exclude<ConcreteValue, string | boolean>, place: Place): void {
    switch (value.kind) {
      case 'named-string':
        this.#emitString(value.text, place)
        break
      case 'slice':
        this.#emitList(value.items, place)
        break
      case 'map':
        this.#emitMap(inNaturalOrder(sortedEntries(value)), place)
        break
      case 'struct':
        this.#emitStruct(value, place)
        break
      case 'pointer':
        this.emit(value.target, place)
        break
      default:
        throw new FunctionError(`cannot marshal type: ${typeOf(value)}`)
    }
  }

  /** Times and versions are one text, a time without quotes. */
  #emitStruct(value: GoStruct, place: Place): void {
    const text = textFormOf(value)
    if (text === undefined) this.#emitMap(membersOf(value), place)
    else if (instantOf(value) === undefined) this.#emitString(text, place)
    else this.#emitScalar(text, 'plain', place)
  }

  #emitString(text: string, place: Place): void {
    if (toByteString(fromByteString(text)) === text) {
      this.#emitScalar(text, styleOf(text, place.role === 'key'), place)
      return
    }
    const encoded = toBinary(text)
    this.#writer.indicate('!!binary', { spaced: true })
    this.#emitScalar(encoded, encoded.includes('\n') ? 'literal' : 'plain', place)
  }

  #emitScalar(text: string, style: ScalarStyle, { indent, role }: Place): void {
    const inside = indent < 0 ? 2 : indent + 2
    writeScalar(this.#writer, text, { style, indent: inside, folds: role !== 'key' })
  }

  /** Lists are not indented under their key. */
  #emitList(items: readonly Value[], place: Place): void {
    if (items.length === 0) this.#writer.indicate('[]', { spaced: true })
    const isUnderKey = place.role === 'value' && !this.#writer.isIndentation
    const indent = place.indent < 0 ? 0 : place.indent + (isUnderKey ? 0 : 2)
    for (const item of items) {
      this.#writer.indent(indent)
      this.#writer.indicate('-', { spaced: true, indents: true })
      this.emit(unbox(item), { indent, role: 'item' })
    }
  }

  #emitMap(entries: readonly MapEntry[], place: Place): void {
    if (entries.length === 0) this.#writer.indicate('{}', { spaced: true })
    const indent = place.indent < 0 ? 0 : place.indent + 2
    for (const { key, value } of entries) {
      this.#writer.indent(indent)
      if (isSimpleKey(key)) {
        this.emit(key, { indent, role: 'key' })
        this.#writer.indicate(':')
      } else {
        this.#writer.indicate('?', { spaced: true, indents: true })
        this.emit(key, { indent, role: 'value' })
        this.#writer.indent(indent)
        this.#writer.indicate(':', { spaced: true, indents: true })
      }
      this.emit(unbox(value), { indent, role: 'value' })
    }
  }
}

/** The text of what is no string: nothing, truth, a number. Undefined for everything else. */
function scalarText(value: ConcreteValue | undefined): string | undefined {
  if (value === undefined) return 'null'
  if (typeof value === 'boolean') return String(value)
  if (typeof value !== 'object') return undefined
  if (value.kind === 'int' && value.type === durationType) return formatDuration(value.value)
  if (value.kind === 'int' || value.kind === 'uint') return String(value.value)
  if (value.kind === 'float') return floatText(value.value)
  if (value.kind === 'pointer' && value.target === undefined) return 'null'
  return value.kind === 'named-string' ? numberText(value.text) : undefined
}

/** A json.Number as integer where it fits 64 bits, else as float. */
function numberText(text: string): string | undefined {
  const integer = parseGoInt(text, 10)
  if (integer.kind === 'ok') return String(integer.value)
  const parsed = parseGoFloat(text)
  return parsed.kind === 'ok' ? floatText(parsed.value) : undefined
}

function isSimpleKey(key: ConcreteValue | undefined): boolean {
  if (typeof key !== 'string') return keyName(key).length <= longestSimpleKey
  return key.length <= longestSimpleKey && !hasLineBreak(key)
}

/** Field names become lower case. */
function membersOf({ fields }: GoStruct): readonly MapEntry[] {
  return Array.from(fields, ([name, value]) => ({ key: name.toLowerCase(), value }))
}

function floatText(value: number): string {
  if (Number.isFinite(value)) return formatFloat(value, 'g', -1)
  return Number.isNaN(value) ? '.nan' : value > 0 ? '.inf' : '-.inf'
}

const binaryLine = 70

/** Base64 in lines, a line break behind the last where there are several. */
function toBinary(text: string): string {
  const encoded = Buffer.from(text, 'latin1').toString('base64')
  if (encoded.length < binaryLine) return encoded
  return encoded.replace(/.{1,70}/g, '$&\n')
}
