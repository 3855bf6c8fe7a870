/** JSON with its number texts kept (`1.50`, `12345678901234567890`) and any key allowed, as Vault's answers need it. */

/** A number as its literal text, which `Number` would round. */
export class JsonNumber {
  readonly text: string

  constructor(text: string) {
    this.text = text
  }
}

/** Strings are ordinary JavaScript strings; maps keep the order of the text, the last of two equal keys wins. */
export type JsonValue =
  | null
  | boolean
  | string
  | JsonNumber
  | readonly JsonValue[]
  | ReadonlyMap<string, JsonValue>

export type JsonObject = ReadonlyMap<string, JsonValue>

/** Says where a text stops being JSON; the text itself may be secret and is never quoted. */
export class JsonSyntaxError extends Error {
  /** Index of the UTF-16 unit that is wrong, the text's length when it ends too early. */
  readonly offset: number

  constructor(offset: number) {
    super(`invalid JSON at offset ${offset}`)
    this.name = 'JsonSyntaxError'
    this.offset = offset
  }
}

/** Arrays and objects nested deeper are refused: recursion must not exhaust the stack. */
const depthLimit = 1000

/** The value of a whole JSON text. Throws `JsonSyntaxError`. Source: RFC 8259. */
export function parseJson(text: string): JsonValue {
  const reader = new Reader(text)
  const value = reader.readValue(0)
  reader.expectEnd()
  return value
}

/** The same, null for what is no JSON. */
export function tryParseJson(text: string): JsonValue {
  try {
    return parseJson(text)
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError) return null
    throw thrown
  }
}

/** Empty for what is no JSON object. */
export function tryParseObject(text: string): JsonObject {
  const value = tryParseJson(text)
  return value instanceof Map ? value : new Map()
}

/** Compact JSON text: number texts as they came, maps in their order. */
export function stringifyJson(value: JsonValue): string {
  if (value === null || typeof value === 'boolean') return String(value)
  if (typeof value === 'string') return JSON.stringify(value)
  if (value instanceof JsonNumber) return value.text
  if (value instanceof Map) {
    return `{${Array.from(value, ([key, member]) => `${JSON.stringify(key)}:${stringifyJson(member)}`).join(',')}}`
  }
  return `[${Array.from(value, stringifyJson).join(',')}]`
}

const space = /[ \t\n\r]*/y
const number = /-?(?:0|[1-9]\d*)(?:\.\d+)?(?:[eE][+-]?\d+)?/y
const literal = /true|false|null/y
const escapeSequence = /\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4})/y

class Reader {
  readonly #text: string
  #at = 0

  constructor(text: string) {
    this.#text = text
  }

  /** One value with the space around it. */
  readValue(depth: number): JsonValue {
    this.#skipSpace()
    const value = this.#readBare(depth)
    this.#skipSpace()
    return value
  }

  expectEnd(): void {
    if (this.#at < this.#text.length) this.#fail()
  }

  #readBare(depth: number): JsonValue {
    switch (this.#text[this.#at]) {
      case '"':
        return this.#readString()
      case '{':
        return this.#readObject(depth)
      case '[':
        return this.#readArray(depth)
      case 't':
      case 'f':
      case 'n':
        return this.#readLiteral()
      default:
        return new JsonNumber(this.#match(number) || this.#fail())
    }
  }

  #readObject(depth: number): ReadonlyMap<string, JsonValue> {
    const members = new Map<string, JsonValue>()
    this.#enter(depth)
    if (this.#take('}')) return members
    do {
      this.#skipSpace()
      const key = this.#readString()
      this.#skipSpace()
      this.#expect(':')
      members.set(key, this.readValue(depth + 1))
    } while (this.#take(','))
    this.#expect('}')
    return members
  }

  #readArray(depth: number): readonly JsonValue[] {
    const elements: JsonValue[] = []
    this.#enter(depth)
    if (this.#take(']')) return elements
    do elements.push(this.readValue(depth + 1))
    while (this.#take(','))
    this.#expect(']')
    return elements
  }

  #readLiteral(): JsonValue {
    const word = this.#match(literal) || this.#fail()
    return word === 'null' ? null : word === 'true'
  }

  #readString(): string {
    const start = this.#at
    this.#expect('"')
    let escaped = false
    for (let code = this.#code(); code !== 0x22; code = this.#code()) {
      if (code === 0x5c) {
        escaped = true
        if (this.#match(escapeSequence) === '') this.#fail()
      } else if (code >= 0x20) this.#at++
      else this.#fail()
    }
    this.#at++
    const quoted = this.#text.slice(start, this.#at)
    return escaped ? String(JSON.parse(quoted)) : quoted.slice(1, -1)
  }

  #enter(depth: number): void {
    if (depth >= depthLimit) this.#fail()
    this.#at++
    this.#skipSpace()
  }

  #code(): number {
    return this.#at < this.#text.length ? this.#text.charCodeAt(this.#at) : -1
  }

  #skipSpace(): void {
    this.#match(space)
  }

  #match(pattern: RegExp): string {
    pattern.lastIndex = this.#at
    const [found = ''] = pattern.exec(this.#text) ?? []
    this.#at += found.length
    return found
  }

  #take(character: string): boolean {
    if (this.#text[this.#at] !== character) return false
    this.#at++
    return true
  }

  #expect(character: string): void {
    if (!this.#take(character)) this.#fail()
  }

  #fail(): never {
    throw new JsonSyntaxError(this.#at)
  }
}
