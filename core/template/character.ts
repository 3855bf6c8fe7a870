/** Which characters mean what inside an action. Source: Go's text/template/parse/lex.go. */
import { encodeRune, isPrintable } from './byte-string.ts'

/** The only characters that separate words and that trim markers remove. */
export const spaces = ' \t\r\n'

const asciiWord = /\w/

/** True when a minus at `minus` has a space at `space` beside it. */
export function isTrimMarker(text: string, space: number, minus: number): boolean {
  const beside = text[space]
  return text[minus] === '-' && beside !== undefined && spaces.includes(beside)
}

/** ASCII digits only. */
export function isDigit(character: string | undefined): boolean {
  return character !== undefined && character >= '0' && character <= '9'
}

/** What names are made of: letters and decimal digits of Unicode, and the underscore. */
export function isAlphanumeric(rune: number): boolean {
  const character = String.fromCodePoint(rune)
  // The classes of Unicode are compiled when they are first needed, which takes a millisecond.
  return rune < 0x80 ? asciiWord.test(character) : /[\p{L}\p{Nd}]/u.test(character)
}

/** `U+002D '-'`, the rune itself only where it prints. */
export function describeRune(rune: number): string {
  const code = `U+${rune.toString(16).toUpperCase().padStart(4, '0')}`
  return isPrintable(rune) ? `${code} '${encodeRune(rune)}'` : code
}
