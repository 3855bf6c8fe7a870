/** Writes strings in each of YAML's styles. Source: libyaml's emitter, as yaml.v2 carries it. */
import { runesOf, type SourceRune } from '../byte-string.ts'
import type { LineWriter } from './line-writer.ts'
import { isBreak, isYamlPrintable, type ScalarStyle } from './scalar-style.ts'

export interface ScalarPlace {
  readonly indent: number
  /** Whether long lines may be folded, which keys must not. */
  readonly folds: boolean
}

/** Lines are folded at the first space behind this column. */
const bestWidth = 80

export function writeScalar(
  writer: LineWriter,
  text: string,
  { style, ...place }: ScalarPlace & { readonly style: ScalarStyle },
): void {
  if (style === 'literal') {
    writer.indicate('|', { spaced: true })
    writeLiteral(writer, text, place.indent)
    return
  }
  const mark = marks[style]
  writer.indicate(mark, { spaced: true })
  if (style === 'double') writeEscaped(writer, text, place)
  else writeFlowing(writer, text, { ...place, isQuoted: style === 'single' })
  if (mark !== '') writer.indicate(mark)
}

const marks = { plain: '', single: "'", double: '"' }

/** Plain and single-quoted text: folded at single spaces, with breaks other than LF as they are. */
function writeFlowing(
  writer: LineWriter,
  text: string,
  { indent, folds, isQuoted }: ScalarPlace & { readonly isQuoted: boolean },
): void {
  const runes = [...runesOf(text)]
  let afterSpace = false
  let afterBreak = false
  for (const [at, { rune, bytes }] of runes.entries()) {
    const isSpace = rune === 0x20
    if (isSpace && canFold(runes, at) && folds && !afterSpace && writer.column > bestWidth) {
      writer.indent(indent)
    } else if (isBreak(rune)) {
      writer.breakLine(bytes)
      afterBreak = true
    } else {
      if (afterBreak && !isSpace) writer.indent(indent)
      if (!isSpace) afterBreak = false
      if (isQuoted && bytes === "'") writer.write(bytes, 1)
      writer.write(bytes, 1)
    }
    afterSpace = isSpace
  }
}

/** A space between two other characters. */
function canFold(runes: readonly SourceRune[], at: number): boolean {
  const next = runes[at + 1]
  return at > 0 && next !== undefined && next.rune !== 0x20
}

const escapes = new Map([
  [0x00, '0'],
  [0x07, 'a'],
  [0x08, 'b'],
  [0x09, 't'],
  [0x0a, 'n'],
  [0x0b, 'v'],
  [0x0c, 'f'],
  [0x0d, 'r'],
  [0x1b, 'e'],
  [0x22, '"'],
  [0x5c, '\\'],
  [0x85, 'N'],
  [0xa0, '_'],
  [0x2028, 'L'],
  [0x2029, 'P'],
])

function writeEscaped(writer: LineWriter, text: string, { indent, folds }: ScalarPlace): void {
  const runes = [...runesOf(text)]
  // libyaml looks for a byte order mark at the start of the text, whichever character it is about to write.
  const escapesAll = runes[0]?.rune === 0xfeff
  let afterSpace = false
  for (const [at, { rune, bytes }] of runes.entries()) {
    const isSpace = rune === 0x20 && !escapesAll
    const isInside = at > 0 && at < runes.length - 1
    if (escapesAll || needsEscape(rune)) {
      const escaped = escapeOf(rune)
      writer.write(escaped, escaped.length)
    } else if (isSpace && folds && !afterSpace && isInside && writer.column > bestWidth) {
      writer.indent(indent)
      if (runes[at + 1]?.rune === 0x20) writer.write('\\', 1)
    } else writer.write(bytes, 1)
    afterSpace = isSpace
  }
}

function needsEscape(rune: number): boolean {
  return !isYamlPrintable(rune) || isBreak(rune) || rune === 0x22 || rune === 0x5c
}

function escapeOf(rune: number): string {
  const short = escapes.get(rune)
  if (short !== undefined) return `\\${short}`
  const [letter, digits] = rune <= 0xff ? ['x', 2] : rune <= 0xffff ? ['u', 4] : ['U', 8]
  return `\\${letter}${rune.toString(16).toUpperCase().padStart(Number(digits), '0')}`
}

const lastBreaks = /(?:\n|\xe2\x80[\xa8\xa9])$/

/** `|`, a digit where the text starts with space, `-` without and `+` with several line breaks at its end. */
function writeLiteral(writer: LineWriter, text: string, indent: number): void {
  if (/^(?:[ \n]|\xe2\x80[\xa8\xa9])/.test(text)) writer.indicate('2')
  const rest = text.replace(lastBreaks, '')
  if (rest === text) writer.indicate('-')
  else if (rest === '' || lastBreaks.test(rest)) writer.indicate('+')
  writer.breakLine('\n')
  let afterBreak = true
  for (const { rune, bytes } of runesOf(text)) {
    if (isBreak(rune)) {
      writer.breakLine(bytes)
      afterBreak = true
      continue
    }
    if (afterBreak) writer.indent(indent)
    writer.write(bytes, 1)
    afterBreak = false
  }
}
