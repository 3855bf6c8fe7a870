/** A place in YAML text that moves forward and knows its line and column. */
import { type Mark, YamlSyntaxError } from './token.ts'

const blank = /[ \t]/
const lineBreak = /[\r\n\u0085\u2028\u2029]/

export class Cursor {
  readonly #text: string
  #at = 0
  #line = 0
  #column = 0

  constructor(text: string) {
    this.#text = text
  }

  get mark(): Mark {
    return { at: this.#at, line: this.#line, column: this.#column }
  }

  get column(): number {
    return this.#column
  }

  get line(): number {
    return this.#line
  }

  get isAtEnd(): boolean {
    return this.#at >= this.#text.length
  }

  /** The UTF-16 unit `offset` further on, empty behind the end. */
  peek(offset = 0): string {
    return this.#text.charAt(this.#at + offset)
  }

  startsWith(text: string): boolean {
    return this.#text.startsWith(text, this.#at)
  }

  isBlank(offset = 0): boolean {
    return blank.test(this.peek(offset))
  }

  isBreak(offset = 0): boolean {
    return lineBreak.test(this.peek(offset))
  }

  /** Space, tab, line break, NUL or the end. */
  isBlankOrEnd(offset = 0): boolean {
    return this.isBlank(offset) || this.isBreakOrEnd(offset)
  }

  isBreakOrEnd(offset = 0): boolean {
    const next = this.peek(offset)
    return next === '' || next === '\0' || lineBreak.test(next)
  }

  /** `---` or `...` alone at the start of a line. */
  get isAtDocumentMark(): boolean {
    const isMark = this.startsWith('---') || this.startsWith('...')
    return this.#column === 0 && isMark && this.isBlankOrEnd(3)
  }

  /** Takes units of one line. */
  take(count = 1): string {
    const taken = this.#text.slice(this.#at, this.#at + count)
    this.#at += taken.length
    this.#column += taken.length
    return taken
  }

  takeWhile(accepts: () => boolean): string {
    let taken = ''
    while (!this.isAtEnd && accepts()) taken += this.take()
    return taken
  }

  /** Takes a line break; all but U+2028 and U+2029 read as LF. */
  takeBreak(): string {
    const first = this.take(this.startsWith('\r\n') ? 2 : 1)
    this.#line++
    this.#column = 0
    return /[\u2028\u2029]/.test(first) ? first : '\n'
  }

  /** Treats the end of the text as the end of its line. */
  endLine(): void {
    if (this.#column === 0) return
    this.#column = 0
    this.#line++
  }

  /** yaml.v2 counts a problem's line from the line before it, and names none for the first. */
  fail(problem: string, start: Mark = this.mark): never {
    const line = this.#line === 0 ? start.line : this.#line + 1
    throw new YamlSyntaxError(problem, line)
  }
}
