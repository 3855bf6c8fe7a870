/** Go's quoted literals, written and read. Source: Go's strconv.Quote and strconv.Unquote. */
import { decodeRune, encodeRune, isPrintable, replacementRune, runesOf } from './byte-string.ts'

/** Escape letter → character code, as both quoting and unquoting know them. */
const letters = new Map([
  ['a', 7],
  ['b', 8],
  ['f', 12],
  ['n', 10],
  ['r', 13],
  ['t', 9],
  ['v', 11],
  ['\\', 0x5c],
])
const letterOfRune = new Map(Array.from(letters, ([letter, rune]) => [rune, letter]))

/** A byte string in double quotes; with `asciiOnly` every other rune is escaped. */
export function quote(bytes: string, asciiOnly = false): string {
  let text = '"'
  for (const { rune, size, bytes: source } of runesOf(bytes)) {
    if (rune === replacementRune && size === 1) text += `\\x${hex(source.charCodeAt(0), 2)}`
    else text += quotedRune(rune, '"', asciiOnly)
  }
  return `${text}"`
}

/** A rune in single quotes. */
export function quoteRune(rune: number, asciiOnly = false): string {
  const valid = rune <= 0x10ffff && !(rune >= 0xd800 && rune <= 0xdfff)
  return `'${quotedRune(valid ? rune : replacementRune, "'", asciiOnly)}'`
}

/** True when the text can stand between backquotes as it is. Source: Go's strconv.CanBackquote. */
export function canBackquote(bytes: string): boolean {
  for (const { rune, size } of runesOf(bytes)) {
    if (size > 1 ? rune === 0xfeff : rune === replacementRune) return false
    if ((rune < 0x20 && rune !== 9) || rune === 0x60 || rune === 0x7f) return false
  }
  return true
}

function quotedRune(rune: number, delimiter: string, asciiOnly: boolean): string {
  if (rune === delimiter.charCodeAt(0)) return `\\${delimiter}`
  const letter = letterOfRune.get(rune)
  if (letter !== undefined) return `\\${letter}`
  if (isPrintable(rune) && !(asciiOnly && rune > 0x7e)) return encodeRune(rune)
  if (rune < 0x20 || rune === 0x7f) return `\\x${hex(rune, 2)}`
  return rune < 0x10000 ? `\\u${hex(rune, 4)}` : `\\U${hex(rune, 8)}`
}

function hex(value: number, digits: number): string {
  return value.toString(16).padStart(digits, '0')
}

/** The bytes that a string literal stands for, its quotes included in `literal`; undefined where it is malformed. */
export function unquote(literal: string): string | undefined {
  const delimiter = literal[0]
  const body = literal.slice(1, -1)
  if (delimiter === '`') return body.replaceAll('\r', '')
  let text = ''
  for (let at = 0; at < body.length; ) {
    const unit = readUnit(body, at, '"')
    if (unit === undefined) return undefined
    text += unit.isByte ? String.fromCharCode(unit.rune) : encodeRune(unit.rune)
    at += unit.size
  }
  return text
}

/** The rune of a character literal such as `'a'`; undefined where it is malformed, `several` where more follows it. */
export function unquoteRune(literal: string): number | 'several' | undefined {
  const body = literal.slice(1, -1)
  if (body === '') return undefined
  const unit = readUnit(body, 0, "'")
  return unit === undefined || unit.size === body.length ? unit?.rune : 'several'
}

interface Unit {
  readonly rune: number
  readonly size: number
  /** True for `\x` and octal escapes in strings, which stand for one byte rather than a rune. */
  readonly isByte: boolean
}

const octal = /[0-7]{3}/y
const hexDigits = new Map([
  ['x', /[0-9a-fA-F]{2}/y],
  ['u', /[0-9a-fA-F]{4}/y],
  ['U', /[0-9a-fA-F]{8}/y],
])

function readUnit(body: string, at: number, delimiter: string): Unit | undefined {
  if (body[at] === delimiter || body[at] === '\n') return undefined
  if (body[at] !== '\\') return { ...decodeRune(body, at), isByte: false }
  const letter = body[at + 1] ?? ''
  const known = letters.get(letter) ?? (letter === delimiter ? letter.charCodeAt(0) : undefined)
  if (known !== undefined) return { rune: known, size: 2, isByte: false }
  const pattern = hexDigits.get(letter)
  if (pattern === undefined) return readOctal(body, at)
  const digits = matchAt(pattern, body, at + 2)
  if (digits === undefined) return undefined
  const rune = Number.parseInt(digits, 16)
  const isByte = letter === 'x'
  if (!isByte && (rune > 0x10ffff || (rune >= 0xd800 && rune <= 0xdfff))) return undefined
  return { rune, size: 2 + digits.length, isByte }
}

function readOctal(body: string, at: number): Unit | undefined {
  const digits = matchAt(octal, body, at + 1)
  if (digits === undefined) return undefined
  const rune = Number.parseInt(digits, 8)
  return rune > 0xff ? undefined : { rune, size: 4, isByte: true }
}

function matchAt(pattern: RegExp, text: string, at: number): string | undefined {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0]
}
