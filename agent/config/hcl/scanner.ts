/** Splits a text in HCL version 1 into its words. */
import { readHeredoc } from './heredoc.ts'
import { readQuotedText } from './quoted-text.ts'
import { HclSyntaxError, type Punctuation, type Token } from './token.ts'

const blank = /(?:[ \t\r\n]+|(?:#|\/\/)[^\n]*|\/\*[\s\S]*?\*\/)*/y
const name = /[\p{L}_][\p{L}\p{Nd}_.-]*/uy
const number = /-?(?:0[xX][\da-fA-F]+|(?:\d+(?:\.\d*)?|\.\d+)(?:[eE][+-]?\d+)?)/y
const punctuation: ReadonlySet<string> = new Set(['{', '}', '[', ']', ',', '='])

const largest = 2n ** 63n - 1n

export class Scanner {
  readonly #source: string
  #at = 0

  constructor(source: string) {
    this.#source = source
  }

  /** The next word; at the end always `end`. Throws `HclSyntaxError`. */
  next(): Token {
    this.#at += this.#match(blank).length
    const at = this.#at
    const character = this.#source[at]
    if (character === undefined) return { kind: 'end', at }
    if (isPunctuation(character)) {
      this.#at++
      return { kind: character, at }
    }
    if (character === '"') return this.#take('string', readQuotedText(this.#source, at))
    if (character === '<') return this.#take('heredoc', readHeredoc(this.#source, at))
    return this.#nextName() ?? this.#nextNumber() ?? this.#fail()
  }

  #take(
    kind: 'string' | 'heredoc',
    { text, end }: { readonly text: string; readonly end: number },
  ): Token {
    const at = this.#at
    this.#at = end
    return { kind, at, text }
  }

  #nextName(): Token | undefined {
    const text = this.#match(name)
    if (text === '') return undefined
    const at = this.#at
    this.#at += text.length
    if (text === 'true' || text === 'false') return { kind: 'boolean', at, value: text === 'true' }
    return { kind: 'name', at, text }
  }

  #nextNumber(): Token | undefined {
    const text = this.#match(number)
    if (text === '') return undefined
    const at = this.#at
    if (/^-?0\d+$/.test(text) && /[89]/.test(text)) {
      throw new HclSyntaxError(at, 'an octal number', 'a number with a leading zero is octal')
    }
    if (isTooLarge(text)) throw new HclSyntaxError(at, 'a number of at most 64 bits')
    this.#at += text.length
    return { kind: 'number', at, text }
  }

  #fail(): never {
    const at = this.#at
    if (this.#source.startsWith('/*', at)) {
      throw new HclSyntaxError(this.#source.length, 'the end of a comment, */')
    }
    if (this.#source[at] === "'") {
      throw new HclSyntaxError(at, 'a string in double quotes')
    }
    throw new HclSyntaxError(at, 'a name, a value or one of { } [ ] , =')
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    return pattern.exec(this.#source)?.[0] ?? ''
  }
}

function isPunctuation(character: string): character is Punctuation {
  return punctuation.has(character)
}

function isTooLarge(text: string): boolean {
  if (!/^-?(?:0[xX][\da-fA-F]+|\d+)$/.test(text)) return !Number.isFinite(Number(text))
  const digits = text.replace('-', '').replace(/^0(?=\d)/, '0o')
  return BigInt(digits) > (text.startsWith('-') ? largest + 1n : largest)
}
