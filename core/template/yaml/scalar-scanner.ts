/** Reads the text of scalars: plain, quoted and block. Source: libyaml's scanner. */
import type { Cursor } from './cursor.ts'
import type { Mark } from './token.ts'

/** Space between two pieces of a scalar, of which line breaks fold. */
class Gap {
  #space = ''
  #firstBreak = ''
  #furtherBreaks = ''

  get hasBreak(): boolean {
    return this.#firstBreak !== ''
  }

  /** Takes blanks and line breaks. */
  take(cursor: Cursor, checkBlank: () => void = () => {}): void {
    while (cursor.isBlank() || cursor.isBreak()) {
      if (cursor.isBlank()) {
        checkBlank()
        const blank = cursor.take()
        if (!this.hasBreak) this.#space += blank
      } else this.addBreak(cursor.takeBreak())
    }
  }

  addBreak(taken: string): void {
    if (this.hasBreak) this.#furtherBreaks += taken
    else this.#firstBreak = taken
  }

  /** What the gap is worth: a single LF is a space, further ones stand for themselves. */
  get text(): string {
    if (!this.hasBreak) return this.#space
    if (this.#firstBreak !== '\n') return this.#firstBreak + this.#furtherBreaks
    return this.#furtherBreaks === '' ? ' ' : this.#furtherBreaks
  }
}

export interface PlainScalar {
  readonly text: string
  /** Whether a line break follows, so that a key may begin. */
  readonly endsLine: boolean
}

const flowIndicator = /[,?[\]{}]/

/** Ends at `: `, ` #`, a less indented line and, inside brackets, at their signs. */
export function scanPlain(
  cursor: Cursor,
  { indent, isFlow }: { readonly indent: number; readonly isFlow: boolean },
): PlainScalar {
  const start = cursor.mark
  const endsHere = () =>
    cursor.isBlankOrEnd() ||
    (cursor.peek() === ':' && cursor.isBlankOrEnd(1)) ||
    (isFlow && flowIndicator.test(cursor.peek()))
  let text = ''
  let gap = new Gap()
  while (!cursor.isAtDocumentMark && cursor.peek() !== '#') {
    const piece = cursor.takeWhile(() => !endsHere())
    if (piece !== '') text += gap.text + piece
    if (!cursor.isBlank() && !cursor.isBreak())
      return { text, endsLine: piece === '' && gap.hasBreak }
    gap = new Gap()
    gap.take(cursor, () => {
      if (gap.hasBreak && cursor.column < indent && cursor.peek() === '\t') {
        cursor.fail('found a tab character that violates indentation', start)
      }
    })
    if (!isFlow && cursor.column < indent) break
  }
  return { text, endsLine: gap.hasBreak }
}

/** From the opening quote to behind the closing one. */
export function scanQuoted(cursor: Cursor): string {
  const start = cursor.mark
  const quote = cursor.take()
  let text = ''
  for (;;) {
    if (cursor.isAtDocumentMark) cursor.fail('found unexpected document indicator', start)
    if (cursor.peek() === '' || cursor.peek() === '\0') {
      cursor.fail('found unexpected end of stream', start)
    }
    text += scanQuotedWord(cursor, quote, start)
    if (cursor.peek() === quote) {
      cursor.take()
      return text
    }
    text += scanQuotedGap(cursor)
  }
}

/** Up to space, line break, an escaped line break or the closing quote. */
function scanQuotedWord(cursor: Cursor, quote: string, start: Mark): string {
  let text = ''
  while (!cursor.isBlankOrEnd()) {
    const next = cursor.peek()
    if (quote === "'" && cursor.startsWith("''")) text += cursor.take(2).slice(1)
    else if (next === quote) break
    else if (quote === "'" || next !== '\\') text += cursor.take()
    else if (cursor.isBreak(1)) break
    else text += scanEscape(cursor, start)
  }
  return text
}

/** A backslash before the line break takes the space that it would be. */
function scanQuotedGap(cursor: Cursor): string {
  const gap = new Gap()
  const isEscaped = cursor.peek() === '\\'
  if (isEscaped) {
    cursor.take()
    gap.addBreak(cursor.takeBreak())
  }
  gap.take(cursor)
  return isEscaped && gap.text === ' ' ? '' : gap.text
}

const escapes = new Map([
  ['0', '\0'],
  ['a', '\x07'],
  ['b', '\b'],
  ['t', '\t'],
  ['\t', '\t'],
  ['n', '\n'],
  ['v', '\v'],
  ['f', '\f'],
  ['r', '\r'],
  ['e', '\x1b'],
  [' ', ' '],
  ['"', '"'],
  ["'", "'"],
  ['\\', '\\'],
  ['N', '\u0085'],
  ['_', '\u00a0'],
  ['L', '\u2028'],
  ['P', '\u2029'],
])
const digitsOf = new Map([
  ['x', 2],
  ['u', 4],
  ['U', 8],
])

function scanEscape(cursor: Cursor, start: Mark): string {
  const letter = cursor.peek(1)
  const simple = escapes.get(letter)
  if (simple !== undefined) {
    cursor.take(2)
    return simple
  }
  const count = digitsOf.get(letter)
  if (count === undefined) return cursor.fail('found unknown escape character', start)
  cursor.take(2)
  let digits = ''
  for (let index = 0; index < count; index++) digits += cursor.peek(index)
  if (!/^[0-9a-fA-F]+$/.test(digits) || digits.length < count) {
    cursor.fail('did not find expected hexdecimal number', start)
  }
  const rune = Number.parseInt(digits, 16)
  if ((rune >= 0xd800 && rune <= 0xdfff) || rune > 0x10ffff) {
    cursor.fail('found invalid Unicode character escape code', start)
  }
  cursor.take(count)
  return String.fromCodePoint(rune)
}

/** `|` keeps line breaks, `>` folds them; a digit sets the indentation, `-` and `+` the end. */
export function scanBlock(cursor: Cursor, parentIndent: number): string {
  const start = cursor.mark
  const isFolded = cursor.take() === '>'
  const header = cursor.takeWhile(() => /[-+0-9]/.test(cursor.peek()))
  const [, before = '', digit = '', after = ''] = /^([-+]?)([0-9]?)([-+]?)$/.exec(header) ?? []
  const isHeader = before + digit + after === header && (before === '' || after === '')
  if (digit === '0') cursor.fail('found an indentation indicator equal to 0', start)
  cursor.takeWhile(() => cursor.isBlank())
  if (cursor.peek() === '#') cursor.takeWhile(() => !cursor.isBreakOrEnd())
  if (!isHeader || !cursor.isBreakOrEnd()) {
    cursor.fail('did not find expected comment or line break', start)
  }
  if (cursor.isBreak()) cursor.takeBreak()
  const given = digit === '' ? 0 : Math.max(parentIndent, 0) + Number(digit)
  return scanBlockLines(cursor, { start, isFolded, given, parentIndent, chomp: before + after })
}

interface BlockForm {
  readonly start: Mark
  readonly isFolded: boolean
  /** The indentation that the header asks for, 0 for that of the first line. */
  readonly given: number
  readonly parentIndent: number
  readonly chomp: string
}

function scanBlockLines(cursor: Cursor, form: BlockForm): string {
  const first = scanEmptyLines(cursor, form.given, form.start)
  const indent = form.given || Math.max(first.widest, form.parentIndent + 1, 1)
  let text = ''
  let lastBreak = ''
  let empty = first.breaks
  let wasBlank = false
  while (cursor.column === indent && !cursor.isAtEnd) {
    const isBlank = cursor.isBlank()
    const folds = form.isFolded && lastBreak === '\n' && !wasBlank && !isBlank
    text += (folds ? (empty === '' ? ' ' : '') : lastBreak) + empty
    wasBlank = isBlank
    text += cursor.takeWhile(() => !cursor.isBreakOrEnd())
    lastBreak = cursor.isBreak() ? cursor.takeBreak() : ''
    empty = scanEmptyLines(cursor, indent, form.start).breaks
  }
  if (form.chomp === '-') return text
  return text + lastBreak + (form.chomp === '+' ? empty : '')
}

/** Takes indentation and empty lines; `indent` 0 takes any indentation. */
function scanEmptyLines(
  cursor: Cursor,
  indent: number,
  start: Mark,
): { readonly breaks: string; readonly widest: number } {
  let breaks = ''
  let widest = 0
  for (;;) {
    const isInside = () => indent === 0 || cursor.column < indent
    cursor.takeWhile(() => isInside() && cursor.peek() === ' ')
    widest = Math.max(widest, cursor.column)
    if (isInside() && cursor.peek() === '\t') {
      cursor.fail('found a tab character where an indentation space is expected', start)
    }
    if (!cursor.isBreak()) return { breaks, widest }
    breaks += cursor.takeBreak()
  }
}
