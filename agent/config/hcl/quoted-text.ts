/** The value of a quoted string of HCL version 1. */
import { HclSyntaxError } from './token.ts'

/** What ends a run of ordinary characters. */
const special = /["\\\n]|\$\{/g
const escaped =
  /\\(?:([abfnrtv\\"])|([0-7]{3})|x([\da-fA-F]{2})|u([\da-fA-F]{4})|U([\da-fA-F]{8}))/y

const simple = new Map([
  ['a', '\x07'],
  ['b', '\b'],
  ['f', '\f'],
  ['n', '\n'],
  ['r', '\r'],
  ['t', '\t'],
  ['v', '\v'],
  ['\\', '\\'],
  ['"', '"'],
])

export interface QuotedText {
  readonly text: string
  /** The index after the closing quote. */
  readonly end: number
}

/**
 * The string whose opening quote is at `start`. `${…}` is left as it is, quotes, line ends and escapes included.
 * Throws `HclSyntaxError`. Source: hashicorp/hcl v1, hcl/scanner and hcl/strconv.
 */
export function readQuotedText(source: string, start: number): QuotedText {
  const pieces: Buffer[] = []
  let at = start + 1
  for (;;) {
    special.lastIndex = at
    const found = special.exec(source)
    if (found === null || found[0] === '\n') throw unterminated(found?.index ?? source.length)
    pieces.push(Buffer.from(source.slice(at, found.index)))
    if (found[0] === '"') {
      // Escapes may give single bytes, which make characters only together.
      return { text: Buffer.concat(pieces).toString('utf8'), end: found.index + 1 }
    }
    if (found[0] === '\\') {
      const { bytes, end } = readEscape(source, found.index)
      pieces.push(bytes)
      at = end
    } else {
      at = skipInterpolation(source, found.index)
      pieces.push(Buffer.from(source.slice(found.index, at)))
    }
  }
}

function readEscape(source: string, at: number): { readonly bytes: Buffer; readonly end: number } {
  escaped.lastIndex = at
  const [whole, letter, octal, byte, short, long] = escaped.exec(source) ?? []
  if (whole === undefined) throw badEscape(at)
  const end = at + whole.length
  if (letter !== undefined) return { bytes: Buffer.from(simple.get(letter) ?? letter), end }
  const single = octal === undefined ? byte : Number.parseInt(octal, 8).toString(16)
  const code = Number.parseInt(single ?? short ?? long ?? '', 16)
  if (code > (single === undefined ? 0x10ffff : 0xff)) throw badEscape(at)
  const bytes = single === undefined ? Buffer.from(String.fromCodePoint(code)) : Buffer.of(code)
  return { bytes, end }
}

/** The index after the brace that closes the `${` at `start`. */
function skipInterpolation(source: string, start: number): number {
  let depth = 1
  let at = start + 2
  while (depth > 0) {
    if (at >= source.length) throw unterminated(at)
    const character = source[at]
    if (character === '{') depth++
    else if (character === '}') depth--
    at += character === '\\' ? readEscape(source, at).end - at : 1
  }
  return at
}

function unterminated(at: number): HclSyntaxError {
  return new HclSyntaxError(at, 'a closing quote', 'longer texts are written as <<EOT')
}

function badEscape(at: number): HclSyntaxError {
  const expected = 'one of \\n, \\t, \\r, \\", \\\\, \\a, \\b, \\f, \\v, \\NNN, \\xNN, \\uNNNN'
  return new HclSyntaxError(at, expected, 'a backslash itself is written \\\\')
}
