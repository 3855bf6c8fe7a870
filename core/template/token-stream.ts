/** The parser's view of the tokens: lookahead, and errors that say where. */
import { fromByteString } from './byte-string.ts'
import { TemplateError } from './error.ts'
import type { Lexer } from './lexer.ts'
import { describeToken, type Token, type TokenKind } from './token.ts'

export interface ParseFailure {
  readonly message: string
  /** The unknown function. */
  readonly function?: string
  /** Where; the token read last unless given. */
  readonly token?: Token
  /** The token whose line the message gives; the one read last unless given. */
  readonly told?: Token
}

export class TokenStream {
  readonly #name: string
  readonly #text: string
  readonly #lexer: Lexer
  readonly #returned: Token[] = []
  #latest: Token = { kind: 'eof', position: 0, text: '' }
  /** Offset of the action being parsed. */
  actionStart: number | undefined

  constructor(name: string, text: string, lexer: Lexer) {
    this.#name = name
    this.#text = text
    this.#lexer = lexer
  }

  /** The token read last. */
  get latest(): Token {
    return this.#latest
  }

  next(): Token {
    const returned = this.#returned.pop()
    if (returned !== undefined) return returned
    this.#latest = this.#lexer.next()
    return this.#latest
  }

  nextNonSpace(): Token {
    let token = this.next()
    while (token.kind === 'space') token = this.next()
    return token
  }

  /** Gives tokens back, the one to be read first last. */
  giveBack(...tokens: readonly Token[]): void {
    this.#returned.push(...tokens)
  }

  peek(): Token {
    const token = this.next()
    this.giveBack(token)
    return token
  }

  peekNonSpace(): Token {
    const token = this.nextNonSpace()
    this.giveBack(token)
    return token
  }

  expect(kind: TokenKind, context: string): Token {
    const token = this.nextNonSpace()
    return token.kind === kind ? token : this.failUnexpected(token, context)
  }

  failUnexpected(token: Token, context: string): never {
    const text = describeToken(token)
    if (token.kind !== 'error') this.fail({ message: `unexpected ${text} in ${context}` })
    this.fail({ message: text + this.#actionStart(token) })
  }

  /** Go's parse error. The line in the message is the one read last, as in Go; line and column in the facts are the token's. */
  fail({
    message,
    function: name,
    token = this.#latest,
    told = this.#latest,
  }: ParseFailure): never {
    const line = this.#lineOf(told.position)
    throw new TemplateError({
      code: 'template_invalid',
      template: fromByteString(this.#name),
      line: this.#lineOf(token.position),
      column: token.position - this.#text.lastIndexOf('\n', token.position - 1),
      ...(name === undefined ? {} : { function: fromByteString(name) }),
      message: fromByteString(`template: ${this.#name}:${line}: ${message}`),
    })
  }

  #actionStart(token: Token): string {
    if (this.actionStart === undefined) return ''
    const line = this.#lineOf(this.actionStart)
    if (line === this.#lineOf(token.position)) return ''
    const subject = token.text.endsWith(' action') ? '' : ' in action'
    return `${subject} started at ${this.#name}:${line}`
  }

  #lineOf(position: number): number {
    let line = 1
    for (let at = this.#text.indexOf('\n'); at >= 0 && at < position; ) {
      line++
      at = this.#text.indexOf('\n', at + 1)
    }
    return line
  }
}
