/** printf's number verbs. Source: Go's fmt/format.go. */
import { encodeRune, isPrintable } from './byte-string.ts'
import { type FloatVerb, formatFloat } from './float-text.ts'
import { type FormatSpec, pad, padding } from './format-spec.ts'
import { quoteRune } from './quote.ts'
import type { GoInt } from './values.ts'

const maxRune = 0x10ffffn

const bases = new Map<string, { readonly base: 2 | 8 | 10 | 16; readonly prefix: string }>([
  ['v', { base: 10, prefix: '' }],
  ['d', { base: 10, prefix: '' }],
  ['b', { base: 2, prefix: '0b' }],
  ['o', { base: 8, prefix: '0' }],
  ['O', { base: 8, prefix: '0' }],
  ['x', { base: 16, prefix: '0x' }],
  ['X', { base: 16, prefix: '0X' }],
])

/** An integer under `verb`; undefined where integers have no such verb. */
export function formatIntegerVerb(
  { kind, value }: GoInt,
  verb: string,
  spec: FormatSpec,
): string | undefined {
  if (verb === 'c') return pad(encodeRune(toRune(value)), spec)
  if (verb === 'q') return pad(quoteRune(toRune(value), spec.plus), spec)
  if (verb === 'U') return formatUnicode(BigInt.asUintN(64, value), spec)
  if (verb === 'v' && spec.sharpV && kind === 'uint') return formatHexadecimal(value, spec)
  return bases.has(verb) ? formatInteger(value, verb, spec) : undefined
}

/** `0x…` whatever the flags say, as `%#v` shows unsigned numbers and addresses. */
export function formatHexadecimal(value: bigint, spec: FormatSpec): string {
  return formatInteger(value, 'x', { ...spec, sharp: true })
}

function toRune(value: bigint): number {
  return value >= 0n && value <= maxRune ? Number(value) : 0xfffd
}

function formatInteger(value: bigint, verb: string, spec: FormatSpec): string {
  const { base, prefix } = bases.get(verb) ?? { base: 10, prefix: '' }
  const magnitude = value < 0n ? -value : value
  const sign = value < 0n ? '-' : spec.plus ? '+' : spec.space ? ' ' : ''
  if (spec.precision === 0 && magnitude === 0n) return ' '.repeat(spec.width ?? 0)
  const fillsWidth = spec.precision === undefined && spec.zero && !spec.minus
  const least = fillsWidth ? (spec.width ?? 0) - sign.length : (spec.precision ?? 0)
  const lower = magnitude.toString(base)
  const digits = (verb === 'X' ? lower.toUpperCase() : lower).padStart(least, '0')
  const lead = spec.sharp && !(base === 8 && digits.startsWith('0')) ? prefix : ''
  const octal = verb === 'O' ? '0o' : ''
  return pad(sign + octal + lead + digits, { ...spec, zero: false })
}

/** `U+0041`, with `#` the character too. */
function formatUnicode(value: bigint, spec: FormatSpec): string {
  const digits = value
    .toString(16)
    .toUpperCase()
    .padStart(Math.max(4, spec.precision ?? 0), '0')
  const shown = spec.sharp && value <= maxRune && isPrintable(Number(value))
  const character = shown ? ` '${encodeRune(Number(value))}'` : ''
  return pad(`U+${digits}${character}`, { ...spec, zero: false })
}

const floatVerbs = new Map<string, { readonly format: FloatVerb; readonly precision: number }>([
  ['v', { format: 'g', precision: -1 }],
  ['b', { format: 'b', precision: -1 }],
  ['g', { format: 'g', precision: -1 }],
  ['G', { format: 'G', precision: -1 }],
  ['x', { format: 'x', precision: -1 }],
  ['X', { format: 'X', precision: -1 }],
  ['f', { format: 'f', precision: 6 }],
  ['F', { format: 'f', precision: 6 }],
  ['e', { format: 'e', precision: 6 }],
  ['E', { format: 'E', precision: 6 }],
])

/** A float under `verb`; undefined where floats have no such verb. */
export function formatFloatVerb(value: number, verb: string, spec: FormatSpec): string | undefined {
  const known = floatVerbs.get(verb)
  if (known === undefined) return undefined
  const precision = spec.precision ?? known.precision
  const text = formatFloat(value, known.format, precision)
  const signed = /^[+-]/.test(text) ? text : `+${text}`
  if (!Number.isFinite(value)) return formatSpecial(signed, spec)
  const body =
    spec.sharp && verb !== 'b' ? withPoint(signed.slice(1), verb, precision) : signed.slice(1)
  const sign = signed.startsWith('-') ? '-' : spec.plus ? '+' : spec.space ? ' ' : ''
  const missing = (spec.width ?? 0) - sign.length - body.length
  if (sign !== '' && spec.zero && !spec.minus && missing > 0) {
    return sign + padding(missing, spec) + body
  }
  return pad(sign + body, spec)
}

/** Infinities keep their sign only where it is asked for or negative; NaN has none unless asked for. */
function formatSpecial(signed: string, spec: FormatSpec): string {
  const sign = spec.plus || signed.startsWith('-') ? (signed[0] ?? '') : spec.space ? ' ' : ''
  const isInfinity = signed.endsWith('Inf')
  const shown = sign === '' && isInfinity && !spec.space ? '+' : sign
  return pad(shown + signed.slice(1), { ...spec, zero: false })
}

/** The `#` flag: always a point, and for `%g` the trailing zeros. */
function withPoint(body: string, verb: string, precision: number): string {
  const [, digits = '', tail = ''] = splitExponent(verb).exec(body) ?? []
  const pointed = digits.includes('.') ? digits : `${digits}.`
  if (!'vgGx'.includes(verb)) return pointed + tail
  const wanted = precision < 0 ? 6 : precision
  const bare = digits.replace('.', '').replace(/^0+/, '')
  const significant = digits === '0' ? 1 : bare.length
  return pointed + '0'.repeat(Math.max(0, wanted - significant)) + tail
}

function splitExponent(verb: string): RegExp {
  return verb === 'x' || verb === 'X' ? /^(.*?)([pP].*)?$/ : /^(.*?)([eE].*)?$/
}
