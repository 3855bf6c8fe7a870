/**
 * A look at every byte of a JSON text before anything is built from it: whether it is JSON, and whether parsing it stays cheap.
 * Linear in the bytes, and needs nothing but one byte for each open bracket.
 */

export interface JsonLimits {
  /** Brackets open at the same time. */
  readonly depth: number
  /** Values and keys. */
  readonly tokens: number
  /** Bytes of one string as it is written. */
  readonly stringBytes: number
}

export type JsonScan =
  | {
      readonly kind: 'json'
      /** Keys of all objects; a parsed value with fewer had some of them twice. */
      readonly keys: number
      /** Whether some number may not survive as a JavaScript number with its spelling. */
      readonly hasLongNumbers: boolean
    }
  /** `problem` is what Go says of it; it repeats at most one byte. */
  | { readonly kind: 'malformed'; readonly problem: string }
  | { readonly kind: 'limit'; readonly limit: keyof JsonLimits }

/** Source: RFC 8259; the words are those of Go's encoding/json. */
export function scanJson(bytes: Uint8Array, limits: JsonLimits): JsonScan {
  return new Scanner(bytes, limits).scan()
}

type Failure = Exclude<JsonScan, { readonly kind: 'json' }>

const tab = 0x09
const newline = 0x0a
const carriageReturn = 0x0d
const space = 0x20
const quote = 0x22
const plus = 0x2b
const comma = 0x2c
const minus = 0x2d
const point = 0x2e
const colon = 0x3a
const backslash = 0x5c
const openBracket = 0x5b
const closeBracket = 0x5d
const openBrace = 0x7b
const closeBrace = 0x7d
/** What is read behind the end. */
const end = -1

const literals: Readonly<Record<number, string>> = { 116: 'true', 102: 'false', 110: 'null' }

class Scanner {
  readonly #bytes: Uint8Array
  readonly #limits: JsonLimits
  /** The brackets that are open. */
  readonly #open: Uint8Array
  #depth = 0
  #at = 0
  #keys = 0
  #tokens = 0
  #hasLongNumbers = false

  constructor(bytes: Uint8Array, limits: JsonLimits) {
    this.#bytes = bytes
    this.#limits = limits
    this.#open = new Uint8Array(limits.depth)
  }

  scan(): JsonScan {
    this.#skipSpace()
    let failure = this.#scanValue()
    while (failure === undefined) {
      this.#skipSpace()
      if (this.#depth === 0) {
        if (this.#at < this.#bytes.length) return this.#wrong('after top-level value')
        return { kind: 'json', keys: this.#keys, hasLongNumbers: this.#hasLongNumbers }
      }
      failure = this.#scanNext()
    }
    return failure
  }

  /** What follows a value inside of a bracket. */
  #scanNext(): Failure | undefined {
    const isObject = this.#open[this.#depth - 1] === openBrace
    const byte = this.#byte()
    if (byte === comma) {
      this.#at++
      this.#skipSpace()
      return isObject ? this.#scanMember() : this.#scanValue()
    }
    if (byte === (isObject ? closeBrace : closeBracket)) {
      this.#close()
      return undefined
    }
    return this.#wrong(isObject ? 'after object key:value pair' : 'after array element')
  }

  /** A key, its colon and the value or the beginning of it. */
  #scanMember(): Failure | undefined {
    if (this.#byte() !== quote) return this.#wrong('looking for beginning of object key string')
    this.#keys++
    const failure = this.#count() ?? this.#scanString()
    if (failure !== undefined) return failure
    this.#skipSpace()
    if (this.#byte() !== colon) return this.#wrong('after object key')
    this.#at++
    this.#skipSpace()
    return this.#scanValue()
  }

  /** A whole scalar, or an opening bracket with the first thing in it. */
  #scanValue(): Failure | undefined {
    const byte = this.#byte()
    const tooMany = this.#count()
    if (tooMany !== undefined) return tooMany
    if (byte === quote) return this.#scanString()
    if (byte === openBrace || byte === openBracket) return this.#scanOpening(byte)
    if (byte === minus || isDigit(byte)) return this.#scanNumber()
    const literal = literals[byte]
    return literal === undefined
      ? this.#wrong('looking for beginning of value')
      : this.#scanLiteral(literal)
  }

  #scanOpening(bracket: number): Failure | undefined {
    if (this.#depth === this.#limits.depth) return { kind: 'limit', limit: 'depth' }
    this.#open[this.#depth++] = bracket
    this.#at++
    this.#skipSpace()
    if (this.#byte() === bracket + 2) {
      this.#close()
      return undefined
    }
    return bracket === openBrace ? this.#scanMember() : this.#scanValue()
  }

  #close(): void {
    this.#depth--
    this.#at++
  }

  #scanString(): Failure | undefined {
    const start = ++this.#at
    const bytes = this.#bytes
    let at = start
    // Compared with the end by `undefined`: this loop is where the time of a scan goes.
    for (let byte = bytes[at]; byte !== quote; byte = bytes[at]) {
      if (byte !== undefined && byte >= space && byte !== backslash) {
        at++
        continue
      }
      this.#at = at
      if (byte !== backslash) return this.#wrong('in string literal')
      const failure = this.#scanEscape()
      if (failure !== undefined) return failure
      at = this.#at
    }
    this.#at = at + 1
    return at - start > this.#limits.stringBytes
      ? { kind: 'limit', limit: 'stringBytes' }
      : undefined
  }

  #scanEscape(): Failure | undefined {
    this.#at++
    const byte = this.#byte()
    if (byte !== 0x75) {
      if (!'"\\/bfnrt'.includes(String.fromCharCode(byte))) {
        return this.#wrong('in string escape code')
      }
      this.#at++
      return undefined
    }
    this.#at++
    for (let digit = 0; digit < 4; digit++, this.#at++) {
      if (!isHexDigit(this.#byte())) return this.#wrong('in \\u hexadecimal character escape')
    }
    return undefined
  }

  #scanNumber(): Failure | undefined {
    const start = this.#at
    if (this.#byte() === minus) this.#at++
    const first = this.#byte()
    if (!isDigit(first)) return this.#wrong('in numeric literal')
    this.#at++
    if (first !== 0x30) this.#skipDigits()
    if (this.#byte() === point) {
      this.#at++
      if (!isDigit(this.#byte())) return this.#wrong('after decimal point in numeric literal')
      this.#skipDigits()
      this.#hasLongNumbers = true
    }
    if ((this.#byte() | 0x20) === 0x65) {
      this.#at++
      if (this.#byte() === plus || this.#byte() === minus) this.#at++
      if (!isDigit(this.#byte())) return this.#wrong('in exponent of numeric literal')
      this.#skipDigits()
      this.#hasLongNumbers = true
    }
    const isMinusZero = first === 0x30 && this.#at - start === 2
    if (this.#at - start > 15 || isMinusZero) this.#hasLongNumbers = true
    return undefined
  }

  #scanLiteral(literal: string): Failure | undefined {
    for (let index = 0; index < literal.length; index++, this.#at++) {
      if (this.#byte() !== literal.charCodeAt(index)) {
        return this.#wrong(`in literal ${literal} (expecting '${literal[index]}')`)
      }
    }
    return undefined
  }

  #skipDigits(): void {
    while (isDigit(this.#byte())) this.#at++
  }

  #skipSpace(): void {
    for (let byte = this.#byte(); byte <= space; byte = this.#byte()) {
      if (byte !== space && byte !== newline && byte !== carriageReturn && byte !== tab) return
      this.#at++
    }
  }

  #byte(): number {
    return this.#bytes[this.#at] ?? end
  }

  #count(): Failure | undefined {
    return ++this.#tokens > this.#limits.tokens ? { kind: 'limit', limit: 'tokens' } : undefined
  }

  #wrong(where: string): Failure {
    const byte = this.#byte()
    const problem =
      byte === end
        ? 'unexpected end of JSON input'
        : `invalid character ${quoteByte(byte)} ${where}`
    return { kind: 'malformed', problem }
  }
}

function isDigit(byte: number): boolean {
  return byte >= 0x30 && byte <= 0x39
}

function isHexDigit(byte: number): boolean {
  const letter = byte | 0x20
  return isDigit(byte) || (letter >= 0x61 && letter <= 0x66)
}

const escapes: Readonly<Record<string, string>> = {
  "'": "\\'",
  '\\': '\\\\',
  '\x07': '\\a',
  '\b': '\\b',
  '\f': '\\f',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\v': '\\v',
}

/** As Go quotes a byte, which it takes for a character of Latin-1. */
function quoteByte(byte: number): string {
  const character = String.fromCharCode(byte)
  const isPrintable = (byte >= 0x20 && byte < 0x7f) || (byte > 0xa0 && byte !== 0xad)
  if (!isPrintable && escapes[character] === undefined) {
    const digits = byte.toString(16).padStart(byte < 0x80 ? 2 : 4, '0')
    return byte < 0x80 ? `'\\x${digits}'` : `'\\u${digits}'`
  }
  return `'${escapes[character] ?? character}'`
}
