/** Numbers and booleans read from text as Go reads them. Source: Go's strconv. */
import { FunctionError } from './functions/function.ts'
import { quote } from './quote.ts'

/** The value, or why there is none, in Go's words. */
export type Conversion<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'failed'; readonly reason: 'invalid syntax' | 'value out of range' }

const syntax = { kind: 'failed', reason: 'invalid syntax' } as const
const range = { kind: 'failed', reason: 'value out of range' } as const

const digitsOfBase = new Map([
  ['x', /^[0-9a-f]+$/],
  ['o', /^[0-7]+$/],
  ['b', /^[01]+$/],
  ['', /^[0-9]+$/],
])

/** Go's ParseInt for 64 bits. Base 0 takes the base from a prefix, a leading 0 meaning octal, and allows underscores. */
export function parseGoInt(text: string, base: 0 | 10): Conversion<bigint> {
  const signed = text.startsWith('+') || text.startsWith('-')
  const magnitude = parseMagnitude(signed ? text.slice(1) : text, base)
  if (magnitude === undefined) return syntax
  const value = text.startsWith('-') ? -magnitude : magnitude
  return BigInt.asIntN(64, value) === value ? { kind: 'ok', value } : range
}

/** Go's ParseUint for 64 bits; see `parseGoInt`. */
export function parseGoUint(text: string, base: 0 | 10): Conversion<bigint> {
  const value = parseMagnitude(text, base)
  if (value === undefined) return syntax
  return BigInt.asUintN(64, value) === value ? { kind: 'ok', value } : range
}

function parseMagnitude(text: string, base: 0 | 10): bigint | undefined {
  if (base === 0 && !hasGoodUnderscores(text)) return undefined
  const digits = base === 0 ? text.toLowerCase().replaceAll('_', '') : text
  const letter = base === 0 ? (/^0([xob])./.exec(digits)?.[1] ?? '') : ''
  if (letter !== '') return readDigits(digits.slice(2), letter)
  if (base === 0 && /^0./.test(digits)) return readDigits(digits.slice(1), 'o')
  return readDigits(digits, '')
}

function readDigits(digits: string, letter: string): bigint | undefined {
  if (digitsOfBase.get(letter)?.test(digits) !== true) return undefined
  return BigInt(letter === '' ? digits : `0${letter}${digits}`)
}

const decimal = /^[+-]?(?:[0-9]+\.?[0-9]*|\.[0-9]+)(?:[eE][+-]?[0-9]+)?$/
const hexadecimal = /^([+-]?)0[xX]([0-9a-fA-F]*)\.?([0-9a-fA-F]*)[pP]([+-]?[0-9]+)$/
const special = /^([+-]?)(?:(inf(?:inity)?)|nan)$/i

/** Go's ParseFloat for 64 bits: decimal and hexadecimal, underscores between digits, `inf` and `nan`. */
export function parseGoFloat(text: string): Conversion<number> {
  const named = special.exec(text)
  if (named !== null) return parseNamed(named[1] ?? '', named[2] !== undefined)
  if (text.includes('_') && !hasGoodUnderscores(text)) return syntax
  const bare = text.replaceAll('_', '')
  const hex = hexadecimal.exec(bare)
  if (hex === null && !decimal.test(bare)) return syntax
  const value = hex === null ? Number(bare) : hexValue(hex)
  if (value === undefined) return syntax
  return Number.isFinite(value) ? { kind: 'ok', value } : range
}

function parseNamed(sign: string, infinite: boolean): Conversion<number> {
  if (!infinite) return sign === '' ? { kind: 'ok', value: Number.NaN } : syntax
  return { kind: 'ok', value: sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY }
}

/** Exact up to 53 bits of mantissa; longer ones are rounded once by `Number`. */
function hexValue([, sign, whole = '', fraction = '', exponent]: RegExpExecArray):
  | number
  | undefined {
  const digits = whole + fraction
  if (digits === '') return undefined
  const value = Number(BigInt(`0x${digits}`)) * 2 ** (Number(exponent) - 4 * fraction.length)
  return sign === '-' ? -value : value
}

/** Underscores stand only between digits, or between a base's prefix and a digit. */
function hasGoodUnderscores(text: string): boolean {
  const [, prefix = '', digits = ''] = /^[+-]?(0[xXoObB])?(.*)$/s.exec(text) ?? []
  const misplaced = /x/i.test(prefix)
    ? /(?:^|[^0-9a-fA-F])_|_(?:[^0-9a-fA-F]|$)/
    : /(?:^|[^0-9])_|_(?:[^0-9]|$)/
  // The prefix ends in what counts as a digit here.
  return !misplaced.test(prefix === '' ? digits : `0${digits}`)
}

const truthTexts = new Map([
  ...['1', 't', 'T', 'TRUE', 'true', 'True'].map((text) => [text, true] as const),
  ...['0', 'f', 'F', 'FALSE', 'false', 'False'].map((text) => [text, false] as const),
])

/** Go's ParseBool. */
export function parseGoBool(text: string): Conversion<boolean> {
  const value = truthTexts.get(text)
  return value === undefined ? syntax : { kind: 'ok', value }
}

/** The converted value, or the failure as Go words it: `strconv.ParseInt: parsing "x": invalid syntax`. */
export function convert<T>(name: string, text: string, result: Conversion<T>): T {
  if (result.kind === 'ok') return result.value
  throw new FunctionError(`strconv.${name}: parsing `, { value: quote(text) }, `: ${result.reason}`)
}
