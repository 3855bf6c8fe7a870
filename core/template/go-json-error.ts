/** Why a text is no JSON, in the words of Go's encoding/json. Source: its scanner.go. */
import type { MessagePart } from './functions/function.ts'
import { quote } from './quote.ts'

/** `text` is a byte string that is not JSON. */
export function describeJsonError(text: string): readonly MessagePart[] {
  const checker = new Checker(text)
  try {
    checker.check()
  } catch (thrown) {
    if (thrown instanceof Unexpected) return thrown.parts
    throw thrown
  }
  return ['unexpected end of JSON input']
}

class Unexpected extends Error {
  readonly parts: readonly MessagePart[]

  constructor(parts: readonly MessagePart[]) {
    super('not JSON')
    this.parts = parts
  }
}

/** Nested deeper is refused. */
const depthLimit = 10_000

const isSpace = (character: string) => ' \t\r\n'.includes(character)
const isDigit = (character: string) => character >= '0' && character <= '9'

class Checker {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  check(): void {
    this.#value(0)
    this.#skipSpace()
    if (this.#at < this.#text.length) this.#fail('after top-level value')
  }

  /** The end counts as a space. */
  #current(): string {
    return this.#text[this.#at] ?? ' '
  }

  #skipSpace(): void {
    while (this.#at < this.#text.length && isSpace(this.#current())) this.#at++
    if (this.#at >= this.#text.length) this.#end()
  }

  #end(): void {
    if (this.#at >= this.#text.length) throw new Unexpected(['unexpected end of JSON input'])
  }

  #fail(context: string): never {
    throw new Unexpected([
      'invalid character ',
      { value: quoteCharacter(this.#current()) },
      ` ${context}`,
    ])
  }

  #value(depth: number): void {
    if (depth > depthLimit) throw new Unexpected(['exceeded max depth'])
    this.#skipSpace()
    const character = this.#current()
    if (character === '{') this.#object(depth)
    else if (character === '[') this.#array(depth)
    else if (character === '"') this.#string()
    else if (character === '-' || isDigit(character)) this.#number()
    else if ('tfn'.includes(character)) this.#word(words.get(character) ?? '')
    else this.#fail('looking for beginning of value')
  }

  #object(depth: number): void {
    this.#at++
    this.#skipSpace()
    if (this.#current() === '}') {
      this.#at++
      return
    }
    for (;;) {
      this.#skipSpace()
      if (this.#current() !== '"') this.#fail('looking for beginning of object key string')
      this.#string()
      this.#skipSpace()
      if (this.#current() !== ':') this.#fail('after object key')
      this.#at++
      this.#value(depth + 1)
      this.#skipSpace()
      if (this.#current() === '}') break
      if (this.#current() !== ',') this.#fail('after object key:value pair')
      this.#at++
    }
    this.#at++
  }

  #array(depth: number): void {
    this.#at++
    this.#skipSpace()
    if (this.#current() === ']') {
      this.#at++
      return
    }
    for (;;) {
      this.#value(depth + 1)
      this.#skipSpace()
      if (this.#current() === ']') break
      if (this.#current() !== ',') this.#fail('after array element')
      this.#at++
    }
    this.#at++
  }

  #string(): void {
    this.#at++
    while (this.#current() !== '"') {
      this.#end()
      if (this.#current() < ' ') this.#fail('in string literal')
      if (this.#current() === '\\') this.#escape()
      else this.#at++
    }
    this.#at++
  }

  #escape(): void {
    this.#at++
    if (this.#current() !== 'u') {
      if (!'bfnrt\\/"'.includes(this.#current())) this.#fail('in string escape code')
      this.#at++
      return
    }
    this.#at++
    for (let count = 0; count < 4; count++, this.#at++) {
      if (!/[0-9a-fA-F]/.test(this.#current())) {
        this.#fail('in \\u hexadecimal character escape')
      }
    }
  }

  #number(): void {
    if (this.#current() === '-') this.#at++
    if (this.#current() === '0') this.#at++
    else this.#digits('in numeric literal')
    if (this.#current() === '.') {
      this.#at++
      this.#digits('after decimal point in numeric literal')
    }
    if (this.#current() === 'e' || this.#current() === 'E') {
      this.#at++
      if (this.#current() === '+' || this.#current() === '-') this.#at++
      this.#digits('in exponent of numeric literal')
    }
  }

  #digits(context: string): void {
    if (!isDigit(this.#current())) this.#fail(context)
    while (isDigit(this.#current())) this.#at++
  }

  #word(word: string): void {
    for (const expected of word) {
      if (this.#current() !== expected) this.#fail(`in literal ${word} (expecting '${expected}')`)
      this.#at++
    }
  }
}

const words = new Map([
  ['t', 'true'],
  ['f', 'false'],
  ['n', 'null'],
])

function quoteCharacter(character: string): string {
  if (character === "'") return "'\\''"
  if (character === '"') return "'\"'"
  const code = character.charCodeAt(0)
  const rune = code < 0x80 ? character : Buffer.from(String.fromCodePoint(code)).toString('latin1')
  return `'${quote(rune).slice(1, -1)}'`
}
