/** The lexer: one pass over a template's bytes, one token per call. Source: Go's text/template/parse/lex.go. */
import { decodeRune, isPrintable } from './byte-string.ts'
import { describeRune, isAlphanumeric, isDigit, isTrimMarker, spaces } from './character.ts'
import { quote } from './quote.ts'
import { keywords, type Token, type TokenKind } from './token.ts'

const leftComment = '/*'
const rightComment = '*/'
/** The marker and the space that must stand beside it. */
const trimMarkerLength = 2

const leadingSpace = /[ \t\r\n]*/y
const word = /\w*/y
const terminators = ' \t\r\n.,|:)('

/** Sign and digits of each base, then fraction and exponent where the base has them. */
const numberShape =
  /[+-]?(?:0[xX][0-9a-fA-F_]*(?:\.[0-9a-fA-F_]*)?(?:[pP][+-]?[0-9_]*)?|0[oO][0-7_]*(?:\.[0-7_]*)?|0[bB][01_]*(?:\.[01_]*)?|[0-9_]*(?:\.[0-9_]*)?(?:[eE][+-]?[0-9_]*)?)i?/y

const singleTokens = new Map<string, TokenKind>([
  ['=', 'assign'],
  ['|', 'pipe'],
])

const unterminated = new Map<string, string>([
  ['"', 'unterminated quoted string'],
  ["'", 'unterminated character constant'],
])

export class Lexer {
  readonly #text: string
  readonly #left: string
  readonly #right: string
  #at = 0
  #start = 0
  #insideAction = false
  #parenDepth = 0
  #failed = false

  constructor(text: string, leftDelimiter: string, rightDelimiter: string) {
    this.#text = text
    this.#left = leftDelimiter
    this.#right = rightDelimiter
  }

  /** The next token; after kind `error` or at the end of the text kind `eof`, again and again. */
  next(): Token {
    if (this.#failed) return { kind: 'eof', position: this.#start, text: '' }
    return this.#insideAction ? this.#lexAction() : this.#lexText()
  }

  /** Text up to the next action, or the action's delimiter where no text is left of it; comments vanish. */
  #lexText(): Token {
    for (;;) {
      const open = this.#text.indexOf(this.#left, this.#at)
      if (open < 0) {
        this.#at = this.#text.length
        return this.#emit(this.#at > this.#start ? 'text' : 'eof')
      }
      const inside = open + this.#left.length
      const trimmed = isTrimMarker(this.#text, inside + 1, inside)
      const position = this.#start
      const text = this.#text.slice(position, trimmed ? this.#trimEnd(open) : open)
      if (text !== '') {
        this.#at = this.#start = open
        return { kind: 'text', position, text }
      }
      this.#start = open
      this.#at = inside + (trimmed ? trimMarkerLength : 0)
      if (!this.#text.startsWith(leftComment, this.#at)) return this.#openAction(open)
      const problem = this.#skipComment()
      if (problem !== undefined) return this.#fail(problem)
    }
  }

  /** Where the text before `end` ends without the space behind it. */
  #trimEnd(end: number): number {
    let at = end
    while (at > this.#start && spaces.includes(this.#text[at - 1] ?? '-')) at--
    return at
  }

  #openAction(open: number): Token {
    this.#insideAction = true
    this.#parenDepth = 0
    this.#start = this.#at
    return { kind: 'left-delimiter', position: open, text: this.#left }
  }

  #skipComment(): string | undefined {
    this.#start = this.#at
    const close = this.#text.indexOf(rightComment, this.#at + leftComment.length)
    if (close < 0) return 'unclosed comment'
    this.#at = close + rightComment.length
    if (!this.#atRightDelimiter()) return 'comment ends before closing delimiter'
    this.#passRightDelimiter()
    this.#start = this.#at
    return undefined
  }

  #lexAction(): Token {
    if (this.#atRightDelimiter()) {
      return this.#parenDepth === 0 ? this.#closeAction() : this.#fail('unclosed left paren')
    }
    const character = this.#text[this.#at]
    if (character === undefined) return this.#fail('unclosed action')
    if (spaces.includes(character)) return this.#lexSpace()
    const single = singleTokens.get(character)
    if (single !== undefined) return this.#take(single)
    switch (character) {
      case ':':
        if (this.#text[this.#at + 1] !== '=') return this.#fail('expected :=')
        this.#at++
        return this.#take('declare')
      case '"':
        return this.#lexQuoted('"', 'string')
      case "'":
        return this.#lexQuoted("'", 'char-constant')
      case '`':
        return this.#lexRawString()
      case '$':
        return this.#lexName('variable')
      case '(':
        this.#parenDepth++
        return this.#take('left-paren')
      case ')':
        return this.#closeParen()
      default:
        return this.#lexWord(character)
    }
  }

  #lexWord(character: string): Token {
    if (character === '.' && !isDigit(this.#text[this.#at + 1])) return this.#lexName('field')
    if ('.+-'.includes(character) || isDigit(character)) return this.#lexNumber()
    const { rune } = decodeRune(this.#text, this.#at)
    if (isAlphanumeric(rune)) return this.#lexIdentifier()
    if (rune < 0x7f && isPrintable(rune)) return this.#take('char')
    return this.#fail(`unrecognized character in action: ${describeRune(rune)}`)
  }

  #closeAction(): Token {
    this.#start = this.#trimsRight() ? this.#at + trimMarkerLength : this.#at
    const position = this.#start
    this.#passRightDelimiter()
    this.#insideAction = false
    this.#start = this.#at
    return { kind: 'right-delimiter', position, text: this.#right }
  }

  #closeParen(): Token {
    this.#parenDepth--
    this.#at++
    return this.#parenDepth < 0 ? this.#fail('unexpected right paren') : this.#emit('right-paren')
  }

  #lexSpace(): Token {
    this.#at += lengthAt(leadingSpace, this.#text, this.#at)
    const last = this.#at - 1
    const trims = isTrimMarker(this.#text, last, last + 1)
    if (trims && this.#text.startsWith(this.#right, last + trimMarkerLength)) {
      // The last space belongs to the trim marker.
      this.#at = last
      if (this.#at === this.#start) return this.#closeAction()
    }
    return this.#emit('space')
  }

  #lexIdentifier(): Token {
    this.#skipWord()
    const text = this.#text.slice(this.#start, this.#at)
    if (!this.#atTerminator()) return this.#failAtRune()
    if (text === 'true' || text === 'false') return this.#emit('bool')
    return this.#emit(keywords.get(text) ?? 'identifier')
  }

  #lexName(kind: 'field' | 'variable'): Token {
    this.#at++
    if (this.#atTerminator()) return this.#emit(kind === 'field' ? 'dot' : kind)
    this.#skipWord()
    return this.#atTerminator() ? this.#emit(kind) : this.#failAtRune()
  }

  #lexNumber(): Token {
    if (!this.#scanNumber()) return this.#failNumber()
    const next = this.#text[this.#at]
    if (next !== '+' && next !== '-') return this.#emit('number')
    if (!this.#scanNumber() || this.#text[this.#at - 1] !== 'i') return this.#failNumber()
    return this.#emit('complex')
  }

  /** False when a letter follows, which is then taken too, for the message. */
  #scanNumber(): boolean {
    this.#at += lengthAt(numberShape, this.#text, this.#at)
    if (this.#at >= this.#text.length) return true
    const { rune, size } = decodeRune(this.#text, this.#at)
    if (!isAlphanumeric(rune)) return true
    this.#at += size
    return false
  }

  #lexQuoted(delimiter: string, kind: TokenKind): Token {
    for (let at = this.#at + 1; ; at++) {
      const character = this.#text[at]
      if (character === '\\') at++
      else if (character === delimiter) {
        this.#at = at + 1
        return this.#emit(kind)
      }
      if (this.#text[at] === undefined || this.#text[at] === '\n') {
        return this.#fail(unterminated.get(delimiter) ?? '')
      }
    }
  }

  #lexRawString(): Token {
    const close = this.#text.indexOf('`', this.#at + 1)
    if (close < 0) return this.#fail('unterminated raw quoted string')
    this.#at = close + 1
    return this.#emit('raw-string')
  }

  #skipWord(): void {
    for (;;) {
      this.#at += lengthAt(word, this.#text, this.#at)
      if (!(this.#text.charCodeAt(this.#at) >= 0x80)) return
      const { rune, size } = decodeRune(this.#text, this.#at)
      if (!isAlphanumeric(rune)) return
      this.#at += size
    }
  }

  #atTerminator(): boolean {
    const character = this.#text[this.#at]
    if (character === undefined || terminators.includes(character)) return true
    return this.#text.startsWith(this.#right, this.#at)
  }

  #atRightDelimiter(): boolean {
    return this.#trimsRight() || this.#text.startsWith(this.#right, this.#at)
  }

  #trimsRight(): boolean {
    if (!isTrimMarker(this.#text, this.#at, this.#at + 1)) return false
    return this.#text.startsWith(this.#right, this.#at + trimMarkerLength)
  }

  #passRightDelimiter(): void {
    const trims = this.#trimsRight()
    this.#at += (trims ? trimMarkerLength : 0) + this.#right.length
    if (trims) this.#at += lengthAt(leadingSpace, this.#text, this.#at)
  }

  #take(kind: TokenKind): Token {
    this.#at++
    return this.#emit(kind)
  }

  #emit(kind: TokenKind): Token {
    const position = this.#start
    this.#start = this.#at
    return { kind, position, text: this.#text.slice(position, this.#at) }
  }

  #failAtRune(): Token {
    return this.#fail(`bad character ${describeRune(decodeRune(this.#text, this.#at).rune)}`)
  }

  #failNumber(): Token {
    return this.#fail(`bad number syntax: ${quote(this.#text.slice(this.#start, this.#at))}`)
  }

  #fail(message: string): Token {
    this.#failed = true
    return { kind: 'error', position: this.#start, text: message }
  }
}

function lengthAt(pattern: RegExp, text: string, at: number): number {
  pattern.lastIndex = at
  return pattern.exec(text)?.[0].length ?? 0
}
