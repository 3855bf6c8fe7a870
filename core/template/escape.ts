/** The escapes of `html`, `js` and `urlquery`. Source: Go's text/template/funcs.go and net/url. */
import { decodeRune, isPrintable, toByteString } from './byte-string.ts'
import { sprint } from './printer.ts'
import type { Value } from './values.ts'

/** The arguments as one text; nil is `<no value>` here, and pointers are what they point to. */
export function joinArguments(values: readonly Value[]): string {
  const [first] = values
  if (values.length === 1 && typeof first === 'string') return first
  return sprint(values.map(printable))
}

function printable(value: Value): Value {
  const isPointer = typeof value === 'object' && value.kind === 'pointer'
  return (isPointer ? value.target : undefined) ?? value ?? '<no value>'
}

const htmlEscapes = new Map([
  ['"', '&#34;'],
  ["'", '&#39;'],
  ['&', '&amp;'],
  ['<', '&lt;'],
  ['>', '&gt;'],
  ['\0', toByteString('\ufffd')],
])

export function escapeHtml(text: string): string {
  return text.replace(/["'&<>\0]/g, (character) => htmlEscapes.get(character) ?? character)
}

const jsEscapes = new Map([
  ['\\', '\\\\'],
  ["'", "\\'"],
  ['"', '\\"'],
])

export function escapeJs(text: string): string {
  let escaped = ''
  for (let at = 0; at < text.length; ) {
    const { rune, size } = decodeRune(text, at)
    escaped += escapeJsRune(rune, text.slice(at, at + size))
    at += size
  }
  return escaped
}

function escapeJsRune(rune: number, bytes: string): string {
  const known = jsEscapes.get(bytes)
  if (known !== undefined) return known
  const isPlain = rune < 0x80 ? rune >= 0x20 && !'<>&='.includes(bytes) : isPrintable(rune)
  return isPlain ? bytes : `\\u${rune.toString(16).toUpperCase().padStart(4, '0')}`
}

/** Go's QueryEscape: letters, digits and `-_.~` stay, a space becomes `+`. */
export function escapeQuery(text: string): string {
  return text.replace(/[^A-Za-z0-9\-_.~]/g, (byte) =>
    byte === ' ' ? '+' : `%${byte.charCodeAt(0).toString(16).toUpperCase().padStart(2, '0')}`,
  )
}
