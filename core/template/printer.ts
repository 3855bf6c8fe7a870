/** Values as text, as Go's fmt writes them. Source: Go's fmt/print.go. */
import { runesOf } from './byte-string.ts'
import { formatFloatVerb, formatHexadecimal, formatIntegerVerb } from './format-number.ts'
import { type FormatSpec, pad, padding, plainSpec } from './format-spec.ts'
import { sortedEntries } from './map-key.ts'
import { canBackquote, quote } from './quote.ts'
import { goStringOf, stringOf } from './stringer.ts'
import {
  box,
  type ConcreteValue,
  elementOf,
  type GoComplex,
  type GoMap,
  type GoSlice,
  type GoStruct,
  textOf,
  typeOf,
  unbox,
  type Value,
} from './values.ts'

/** Addresses differ from run to run in Go; here they all read the same. */
const address = 0xc000000000n

/** One argument of printf under its verb. */
export function printArgument(given: Value, verb: string, spec: FormatSpec): string {
  const value = unbox(given)
  if (value === undefined) {
    return verb === 'T' || verb === 'v' ? pad('<nil>', spec) : badVerb(value, verb, spec)
  }
  if (verb === 'T') return formatText(typeOf(value), spec)
  // Only Errorf takes `%w`.
  if (verb === 'w' && !isBasic(value)) return badVerb(value, verb, spec)
  if (verb === 'p')
    return hasAddress(value) ? formatHexadecimal(address, spec) : badVerb(value, verb, spec)
  return printValue(value, verb, { spec, depth: 0 })
}

/** Source: fmt.Sprint: a space between two operands of which neither is a string. */
export function sprint(values: readonly Value[]): string {
  let text = ''
  let afterString = true
  for (const value of values) {
    const isString = textOf(unbox(value)) !== undefined
    if (!isString && !afterString) text += ' '
    text += printArgument(value, 'v', plainSpec)
    afterString = isString
  }
  return text
}

/** Source: fmt.Sprintln. */
export function sprintln(values: readonly Value[]): string {
  return `${values.map((value) => printArgument(value, 'v', plainSpec)).join(' ')}\n`
}

interface Placement {
  readonly spec: FormatSpec
  /** 0 for the argument itself, more for what is inside it. */
  readonly depth: number
}

function printValue(value: ConcreteValue, verb: string, place: Placement): string {
  const own = ownText(value, verb, place.spec)
  if (own !== undefined) return own
  return printKind(value, verb, place) ?? badVerb(value, verb, place.spec)
}

/** What the value's own methods print. Source: fmt's handleMethods. */
function ownText(value: ConcreteValue, verb: string, spec: FormatSpec): string | undefined {
  if (typeof value !== 'object' || !'vsxXq'.includes(verb)) return undefined
  if (spec.sharpV) {
    const text = goStringOf(value)
    return text === undefined ? undefined : formatText(text, spec)
  }
  const text = stringOf(value)
  return text === undefined ? undefined : formatString(text, verb, spec)
}

/** Undefined where the type has no such verb. */
function printKind(
  value: ConcreteValue,
  verb: string,
  { spec, depth }: Placement,
): string | undefined {
  if (typeof value === 'string') return formatString(value, verb, spec)
  if (typeof value === 'boolean') {
    return verb === 't' || verb === 'v' ? pad(String(value), spec) : undefined
  }
  const inside = { spec, depth: depth + 1 }
  switch (value.kind) {
    case 'int':
    case 'uint':
      return formatIntegerVerb(value, verb, spec)
    case 'float':
      return formatFloatVerb(value.value, verb, spec)
    case 'complex':
      return printComplex(value, verb, spec)
    case 'named-string':
      return formatString(value.text, verb, spec)
    case 'slice':
      if (value.type === byteListType && 'sqxX'.includes(verb)) {
        return formatString(bytesOf(value), verb, spec)
      }
      return printSlice(value, verb, inside)
    case 'map':
      return printMap(value, verb, inside)
    case 'struct':
      return printStruct(value, verb, inside)
    case 'pointer':
      if (depth > 0 || value.target === undefined) return printPointer(value, verb, spec)
      return `&${printStruct(value.target, verb, inside)}`
    case 'channel':
      return printPointer(value, verb, spec)
  }
}

function badVerb(value: ConcreteValue | undefined, verb: string, spec: FormatSpec): string {
  if (value === undefined) return `%!${verb}(<nil>)`
  return `%!${verb}(${typeOf(value)}=${printArgument(value, 'v', spec)})`
}

/** What fmt prints without looking for methods. */
function isBasic(value: ConcreteValue): boolean {
  if (typeof value !== 'object') return true
  return ['int', 'uint', 'float', 'complex'].includes(value.kind)
}

function hasAddress(value: ConcreteValue): boolean {
  if (typeof value !== 'object') return false
  return ['slice', 'map', 'pointer', 'channel'].includes(value.kind)
}

function printPointer(value: ConcreteValue, verb: string, spec: FormatSpec): string | undefined {
  const isNil = typeof value === 'object' && value.kind === 'pointer' && value.target === undefined
  const number = { kind: 'uint', type: 'uintptr', value: isNil ? 0n : address } as const
  if (verb !== 'v')
    return 'bodxX'.includes(verb) ? formatIntegerVerb(number, verb, spec) : undefined
  if (spec.sharpV) {
    return `(${typeOf(value)})(${isNil ? 'nil' : formatHexadecimal(address, spec)})`
  }
  return isNil ? pad('<nil>', spec) : formatHexadecimal(address, spec)
}

function printElement(given: Value, verb: string, place: Placement): string {
  const value = unbox(given)
  if (value !== undefined) return printValue(value, verb, place)
  return place.spec.sharpV ? `${typeOf(given)}(nil)` : '<nil>'
}

const byteListType = '[]uint8'

function bytesOf({ items }: GoSlice): string {
  const codes = items.map((item) =>
    typeof item === 'object' && item.kind === 'uint' ? Number(item.value) : 0,
  )
  return String.fromCharCode(...codes)
}

function printSlice(slice: GoSlice, verb: string, place: Placement): string {
  const items = slice.items.map((item) => printElement(elementOf(slice, item), verb, place))
  if (!place.spec.sharpV) return `[${items.join(' ')}]`
  return slice.isNil === true ? `${slice.type}(nil)` : `${slice.type}{${items.join(', ')}}`
}

function printMap(map: GoMap, verb: string, place: Placement): string {
  const entries = sortedEntries(map).map(
    ({ key, value }) =>
      `${printElement(box(key), verb, place)}:${printElement(value, verb, place)}`,
  )
  if (!place.spec.sharpV) return `map[${entries.join(' ')}]`
  return map.isNil === true ? `${map.type}(nil)` : `${map.type}{${entries.join(', ')}}`
}

function printStruct({ structType, fields }: GoStruct, verb: string, place: Placement): string {
  const { plusV, sharpV } = place.spec
  const shown = Array.from(fields, ([name, value]) => {
    const text = printElement(value, verb, place)
    return plusV || sharpV ? `${name}:${text}` : text
  })
  return sharpV ? `${structType.name}{${shown.join(', ')}}` : `{${shown.join(' ')}}`
}

function printComplex(
  { real, imaginary }: GoComplex,
  verb: string,
  spec: FormatSpec,
): string | undefined {
  const realText = formatFloatVerb(real, verb, spec)
  const imaginaryText = formatFloatVerb(imaginary, verb, { ...spec, plus: true })
  if (realText === undefined || imaginaryText === undefined) return undefined
  return `(${realText}${imaginaryText}i)`
}

function formatString(text: string, verb: string, spec: FormatSpec): string | undefined {
  switch (verb) {
    case 'v':
      return spec.sharpV ? formatQuoted(text, spec) : formatText(text, spec)
    case 's':
      return formatText(text, spec)
    case 'q':
      return formatQuoted(text, spec)
    case 'x':
      return formatHexBytes(text, spec)
    case 'X':
      return formatHexBytes(text, spec).toUpperCase()
    default:
      return undefined
  }
}

function formatText(text: string, spec: FormatSpec): string {
  return pad(truncate(text, spec), spec)
}

function formatQuoted(text: string, spec: FormatSpec): string {
  const kept = truncate(text, spec)
  if (spec.sharp && canBackquote(kept)) return pad(`\`${kept}\``, spec)
  return pad(quote(kept, spec.plus), spec)
}

/** At most `precision` runes. */
function truncate(text: string, { precision }: FormatSpec): string {
  if (precision === undefined || precision >= text.length) return text
  let end = 0
  let count = 0
  for (const { size } of runesOf(text)) {
    if (count++ === precision) break
    end += size
  }
  return text.slice(0, end)
}

/** Two digits a byte, `# x` with prefix and space for each. */
function formatHexBytes(text: string, spec: FormatSpec): string {
  const bytes = Array.from(text.slice(0, spec.precision), (byte) =>
    byte.charCodeAt(0).toString(16).padStart(2, '0'),
  )
  if (bytes.length === 0) return padding(spec.width ?? 0, spec)
  const prefix = spec.sharp ? '0x' : ''
  const body = prefix + bytes.join(spec.space ? ` ${prefix}` : '')
  const space = padding((spec.width ?? 0) - body.length, spec)
  return spec.minus ? body + space : space + body
}
