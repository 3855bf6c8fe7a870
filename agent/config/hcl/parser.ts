/** The grammar of HCL version 1. Source: hashicorp/hcl v1, hcl/parser. */
import { Scanner } from './scanner.ts'
import { describeToken, HclSyntaxError, type Token } from './token.ts'

export type HclValue =
  | { readonly kind: 'text'; readonly at: number; readonly text: string }
  | { readonly kind: 'number'; readonly at: number; readonly text: string }
  | { readonly kind: 'boolean'; readonly at: number; readonly value: boolean }
  | { readonly kind: 'list'; readonly at: number; readonly items: readonly HclValue[] }
  | { readonly kind: 'body'; readonly at: number; readonly items: readonly HclItem[] }

/** `name = value`, or a block `name "label" { … }`. */
export interface HclItem {
  readonly at: number
  readonly name: string
  readonly labels: readonly string[]
  readonly isAssigned: boolean
  readonly value: HclValue
}

/** Nested deeper is refused: recursion must not exhaust the stack. */
const depthLimit = 200

/** The items of a whole text. Throws `HclSyntaxError`. */
export function parseItems(source: string): readonly HclItem[] {
  return new Parser(source).parseItems('end', 0)
}

class Parser {
  readonly #scanner: Scanner
  #token: Token

  constructor(source: string) {
    this.#scanner = new Scanner(source)
    this.#token = this.#scanner.next()
  }

  /** Up to and including the token `last`; commas between items are allowed. */
  parseItems(last: 'end' | '}', depth: number): readonly HclItem[] {
    if (depth > depthLimit) throw new HclSyntaxError(this.#token.at, 'less nesting')
    const items: HclItem[] = []
    while (this.#token.kind !== last) {
      if (this.#token.kind === 'end') this.#refuse('}')
      items.push(this.#parseItem(depth))
      if (this.#token.kind === ',') this.#advance()
    }
    this.#advance()
    return items
  }

  #parseItem(depth: number): HclItem {
    const { at } = this.#token
    const names: string[] = []
    for (let token = this.#token; isName(token); token = this.#token) {
      names.push(token.text)
      this.#advance()
    }
    const [name, ...labels] = names
    if (name === undefined) this.#refuse('the name of a key or block')
    if (this.#token.kind === '{') {
      return { at, name, labels, isAssigned: false, value: this.#parseValue(depth) }
    }
    if (this.#token.kind !== '=') this.#refuse(labels.length === 0 ? '= or {' : '{')
    if (labels.length > 0) this.#refuse('{', 'a block with labels has no =')
    this.#advance()
    return { at, name, labels, isAssigned: true, value: this.#parseValue(depth) }
  }

  #parseValue(depth: number): HclValue {
    const token = this.#token
    const { at } = token
    switch (token.kind) {
      case 'string':
      case 'heredoc':
        this.#advance()
        return { kind: 'text', at, text: token.text }
      case 'number':
        this.#advance()
        return { kind: 'number', at, text: token.text }
      case 'boolean':
        this.#advance()
        return { kind: 'boolean', at, value: token.value }
      case '{':
        this.#advance()
        return { kind: 'body', at, items: this.parseItems('}', depth + 1) }
      case '[':
        this.#advance()
        return { kind: 'list', at, items: this.#parseList(depth + 1) }
      case 'name':
        return this.#refuse('a value', 'a text stands in double quotes')
      default:
        return this.#refuse('a value')
    }
  }

  /** Up to and including the closing bracket; commas may be repeated, and missing after a list. */
  #parseList(depth: number): readonly HclValue[] {
    if (depth > depthLimit) throw new HclSyntaxError(this.#token.at, 'less nesting')
    const items: HclValue[] = []
    let needsComma = false
    while (this.#token.kind !== ']') {
      if (this.#token.kind === ',') {
        this.#advance()
        needsComma = false
        continue
      }
      if (needsComma) this.#refuse('a comma or ]')
      const value = this.#parseValue(depth)
      items.push(value)
      needsComma = value.kind !== 'list'
    }
    this.#advance()
    return items
  }

  #advance(): void {
    this.#token = this.#scanner.next()
  }

  #refuse(expected: string, hint?: string): never {
    const got = `${expected}, not ${describeToken(this.#token)}`
    throw new HclSyntaxError(this.#token.at, got, hint)
  }
}

function isName(token: Token): token is Token & { readonly text: string } {
  return token.kind === 'name' || token.kind === 'string'
}
