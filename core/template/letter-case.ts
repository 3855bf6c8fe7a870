/** Upper, lower and title case of byte strings, as Go's strings and x/text map them. */
import { encodeRune, runesOf, toByteString } from './byte-string.ts'

const ascii = /^[\0-\x7f]*$/

/** What is not UTF-8 becomes U+FFFD, as in Go's strings.Map. */
function mapRunes(text: string, map: (character: string) => string): string {
  if (ascii.test(text)) return map(text)
  let mapped = ''
  for (const { rune } of runesOf(text)) {
    mapped += encodeRune(map(String.fromCodePoint(rune)).codePointAt(0) ?? rune)
  }
  return mapped
}

export function toUpperCase(text: string): string {
  return mapRunes(text, toUpper)
}

export function toLowerCase(text: string): string {
  return mapRunes(text, toLower)
}

/** Greek letters with an iota below; their capital is one letter in Go, two in JavaScript. */
const iotaLetter = /^[\u1f80-\u1f87\u1f90-\u1f97\u1fa0-\u1fa7]$/
const iotaCapitals = new Map([
  ['\u1fb3', '\u1fbc'],
  ['\u1fc3', '\u1fcc'],
  ['\u1ff3', '\u1ffc'],
])

/** Unicode's simple mapping, one letter for one; a letter whose capital takes two stays. */
export function toUpper(character: string): string {
  const upper = character.toUpperCase()
  if ([...upper].length === [...character].length) return upper
  if (iotaLetter.test(character)) return String.fromCodePoint((character.codePointAt(0) ?? 0) + 8)
  return iotaCapitals.get(character) ?? character
}

/** The only letter whose small form takes two in JavaScript is the dotted capital I. */
export function toLower(character: string): string {
  return character === '\u0130' ? 'i' : character.toLowerCase()
}

/** The first letter of every word in title case, the rest as it is. Source: x/text's cases.Title with NoLower. */
export function toTitleCase(text: string): string {
  const sources = [...runesOf(text)]
  const runes = sources.map(({ rune }) => String.fromCodePoint(rune))
  let titled = ''
  let hasLetter = false
  for (const [at, character] of runes.entries()) {
    const isLetter = /\p{L}/u.test(character)
    const starts = isLetter && !hasLetter
    titled += starts ? toByteString(titleLetter(character)) : (sources[at]?.bytes ?? '')
    hasLetter = isLetter || (hasLetter && continuesWord(runes, at))
  }
  return titled
}

/** Digits, marks and `_` belong to a word, and dots, colons and apostrophes between letters. */
function continuesWord(runes: readonly string[], at: number): boolean {
  if (/[\p{M}\p{N}\p{Pc}]/u.test(runes[at] ?? '')) return true
  const isMiddle = /['.:\u00b7\u2018\u2019\u2024\u2027]/.test(runes[at] ?? '')
  return isMiddle && /\p{L}/u.test(runes[at - 1] ?? '') && /\p{L}/u.test(runes[at + 1] ?? '')
}

const digraphs = new Map([
  ...['\u01c4', '\u01c5', '\u01c6'].map((letter) => [letter, '\u01c5'] as const),
  ...['\u01c7', '\u01c8', '\u01c9'].map((letter) => [letter, '\u01c8'] as const),
  ...['\u01ca', '\u01cb', '\u01cc'].map((letter) => [letter, '\u01cb'] as const),
  ...['\u01f1', '\u01f2', '\u01f3'].map((letter) => [letter, '\u01f2'] as const),
])

/** Of a letter that becomes two only the first is a capital; Georgian letters stay. */
function titleLetter(letter: string): string {
  const digraph = digraphs.get(letter)
  if (digraph !== undefined) return digraph
  if (/[\u10d0-\u10ff]/.test(letter)) return letter
  const simple = toUpper(letter)
  if (simple !== letter) return simple
  const [first = '', ...rest] = letter.toUpperCase()
  return /\p{Lm}/u.test(first) ? first + rest.join('') : first + rest.join('').toLowerCase()
}

/** One letter in title case, which is its capital except for letters that are two in one. */
export function toTitle(character: string): string {
  const digraph = digraphs.get(character)
  if (digraph !== undefined) return digraph
  return /[\u10d0-\u10ff]/.test(character) ? character : toUpper(character)
}
