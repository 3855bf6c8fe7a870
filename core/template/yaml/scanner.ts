/** Cuts YAML text into tokens, on demand: what follows the first document is never looked at. Source: libyaml's scanner. */
import { Cursor } from './cursor.ts'
import { scanBlock, scanPlain, scanQuoted } from './scalar-scanner.ts'
import type { Mark, YamlToken } from './token.ts'

/** A place where a key may have begun, to be known when a `:` follows. */
interface SimpleKey {
  readonly isRequired: boolean
  /** Number of the token that would be the key's first. */
  readonly token: number
  readonly mark: Mark
}

/** A key must be followed by its colon within so many characters. */
const longestKey = 1024

const flowStarts = new Map<string, 'flow-sequence' | 'flow-mapping'>([
  ['[', 'flow-sequence'],
  ['{', 'flow-mapping'],
])
const flowEnds = new Map<string, 'flow-sequence-end' | 'flow-mapping-end'>([
  [']', 'flow-sequence-end'],
  ['}', 'flow-mapping-end'],
])
const propertyKinds = new Map<string, 'alias' | 'anchor'>([
  ['*', 'alias'],
  ['&', 'anchor'],
])

export class Scanner {
  readonly #cursor: Cursor
  readonly #queue: YamlToken[] = []
  #taken = 0
  #isKeyAllowed = true
  #indent = -1
  readonly #indents: number[] = []
  /** One place for each bracket that is open, and one outside. */
  readonly #keys: (SimpleKey | undefined)[] = [undefined]

  constructor(text: string) {
    this.#cursor = new Cursor(text)
  }

  peek(): YamlToken {
    for (;;) {
      this.#dropStaleKeys()
      const [next] = this.#queue
      if (next !== undefined && !this.#keys.some((key) => key?.token === this.#taken)) return next
      this.#fetch()
    }
  }

  take(): YamlToken {
    const token = this.peek()
    this.#queue.shift()
    this.#taken++
    return token
  }

  get #isFlow(): boolean {
    return this.#keys.length > 1
  }

  #push(token: YamlToken): void {
    this.#queue.push(token)
  }

  #fetch(): void {
    const cursor = this.#cursor
    this.#skipToToken()
    this.#dropStaleKeys()
    this.#unroll(cursor.column)
    if (cursor.isAtEnd || cursor.peek() === '\0') this.#end()
    else if (cursor.column === 0 && cursor.peek() === '%') this.#directive()
    else if (cursor.isAtDocumentMark) this.#documentMark()
    else if (!this.#fetchCollectionSign()) this.#fetchScalarOrProperty()
  }

  #fetchCollectionSign(): boolean {
    const cursor = this.#cursor
    const next = cursor.peek()
    const start = flowStarts.get(next)
    const end = flowEnds.get(next)
    const isIndicator = cursor.isBlankOrEnd(1)
    if (start !== undefined) this.#startFlow(start)
    else if (end !== undefined) this.#endFlow(end)
    else if (next === ',') this.#flowEntry()
    else if (next === '-' && isIndicator) this.#blockEntry()
    else if (next === '?' && (this.#isFlow || isIndicator)) this.#explicitKey()
    else if (next === ':' && (this.#isFlow || isIndicator)) this.#value()
    else return false
    return true
  }

  #fetchScalarOrProperty(): void {
    const cursor = this.#cursor
    const { mark } = cursor
    const next = cursor.peek()
    const property = propertyKinds.get(next)
    if (/[|>]/.test(next) && !this.#isFlow) {
      this.#dropKey()
      this.#isKeyAllowed = true
      this.#push({ kind: 'scalar', text: scanBlock(cursor, this.#indent), isPlain: false, mark })
      return
    }
    if (/[\t|>%@`]/.test(next)) cursor.fail('found character that cannot start any token')
    this.#saveKey()
    this.#isKeyAllowed = false
    if (property !== undefined) this.#push({ kind: property, text: this.#scanName(), mark })
    else if (next === '!') this.#push({ kind: 'tag', text: this.#scanTag(), mark })
    else if (next === '"' || next === "'") {
      this.#push({ kind: 'scalar', text: scanQuoted(cursor), isPlain: false, mark })
    } else {
      const place = { indent: this.#indent + 1, isFlow: this.#isFlow }
      const { text, endsLine } = scanPlain(cursor, place)
      if (endsLine) this.#isKeyAllowed = true
      this.#push({ kind: 'scalar', text, isPlain: true, mark })
    }
  }

  /** Tabs separate where no key may begin. */
  #skipToToken(): void {
    const cursor = this.#cursor
    for (;;) {
      const tabIsSpace = this.#isFlow || !this.#isKeyAllowed
      cursor.takeWhile(() => cursor.peek() === ' ' || (tabIsSpace && cursor.peek() === '\t'))
      if (cursor.peek() === '#') cursor.takeWhile(() => !cursor.isBreakOrEnd())
      if (!cursor.isBreak()) return
      cursor.takeBreak()
      if (!this.#isFlow) this.#isKeyAllowed = true
    }
  }

  #saveKey(): void {
    if (!this.#isKeyAllowed) return
    this.#dropKey()
    const { mark } = this.#cursor
    const isRequired = !this.#isFlow && this.#indent === mark.column
    this.#keys[this.#keys.length - 1] = {
      isRequired,
      token: this.#taken + this.#queue.length,
      mark,
    }
  }

  #dropKey(): void {
    this.#refuseRequired(this.#keys.at(-1))
    this.#keys[this.#keys.length - 1] = undefined
  }

  #dropStaleKeys(): void {
    const { at, line } = this.#cursor.mark
    for (const [index, key] of this.#keys.entries()) {
      if (key === undefined) continue
      if (key.mark.line === line && key.mark.at + longestKey >= at) continue
      this.#refuseRequired(key)
      this.#keys[index] = undefined
    }
  }

  #refuseRequired(key: SimpleKey | undefined): void {
    if (key?.isRequired === true) this.#cursor.fail("could not find expected ':'", key.mark)
  }

  /** Begins a collection where the text is indented further than the one around. */
  #roll(kind: 'block-sequence' | 'block-mapping', mark: Mark, token?: number): void {
    if (this.#isFlow || this.#indent >= mark.column) return
    this.#indents.push(this.#indent)
    this.#indent = mark.column
    const index = token === undefined ? this.#queue.length : token - this.#taken
    this.#queue.splice(index, 0, { kind, mark })
  }

  /** Ends all collections indented further than `column`. */
  #unroll(column: number): void {
    if (this.#isFlow) return
    while (this.#indent > column) {
      this.#push({ kind: 'block-end', mark: this.#cursor.mark })
      this.#indent = this.#indents.pop() ?? -1
    }
  }

  #end(): void {
    this.#cursor.endLine()
    this.#unroll(-1)
    this.#dropStaleKeys()
    this.#isKeyAllowed = false
    this.#push({ kind: 'end', mark: this.#cursor.mark })
  }

  #directive(): void {
    const { mark } = this.#cursor
    this.#unroll(-1)
    this.#dropKey()
    this.#isKeyAllowed = false
    const text = this.#cursor.takeWhile(() => !this.#cursor.isBreakOrEnd())
    if (!/^%[-\w]/.test(text)) this.#cursor.fail('could not find expected directive name', mark)
    if (!/^%(?:YAML|TAG)[ \t]/.test(text)) this.#cursor.fail('found unknown directive name', mark)
    this.#push({ kind: 'directive', text, mark })
  }

  #documentMark(): void {
    this.#unroll(-1)
    this.#dropKey()
    this.#isKeyAllowed = false
    const { mark } = this.#cursor
    const isStart = this.#cursor.take(3) === '---'
    this.#push({ kind: isStart ? 'document-start' : 'document-end', mark })
  }

  #startFlow(kind: 'flow-sequence' | 'flow-mapping'): void {
    this.#saveKey()
    this.#keys.push(undefined)
    this.#isKeyAllowed = true
    this.#pushSign(kind)
  }

  #endFlow(kind: 'flow-sequence-end' | 'flow-mapping-end'): void {
    this.#dropKey()
    if (this.#isFlow) this.#keys.pop()
    this.#isKeyAllowed = false
    this.#pushSign(kind)
  }

  #flowEntry(): void {
    this.#dropKey()
    this.#isKeyAllowed = true
    this.#pushSign('flow-entry')
  }

  #blockEntry(): void {
    if (!this.#isFlow) {
      if (!this.#isKeyAllowed) {
        this.#cursor.fail('block sequence entries are not allowed in this context')
      }
      this.#roll('block-sequence', this.#cursor.mark)
    }
    this.#dropKey()
    this.#isKeyAllowed = true
    this.#pushSign('entry')
  }

  #explicitKey(): void {
    if (!this.#isFlow) {
      if (!this.#isKeyAllowed) {
        this.#cursor.fail('mapping keys are not allowed in this context')
      }
      this.#roll('block-mapping', this.#cursor.mark)
    }
    this.#dropKey()
    this.#isKeyAllowed = !this.#isFlow
    this.#pushSign('key')
  }

  #value(): void {
    const key = this.#keys.at(-1)
    if (key !== undefined) {
      this.#queue.splice(key.token - this.#taken, 0, { kind: 'key', mark: key.mark })
      this.#roll('block-mapping', key.mark, key.token)
      this.#keys[this.#keys.length - 1] = undefined
      this.#isKeyAllowed = false
    } else {
      if (!this.#isFlow && !this.#isKeyAllowed) {
        this.#cursor.fail('mapping values are not allowed in this context')
      }
      this.#roll('block-mapping', this.#cursor.mark)
      this.#isKeyAllowed = !this.#isFlow
    }
    this.#pushSign('value')
  }

  #pushSign(kind: Exclude<YamlToken, { readonly text: string }>['kind']): void {
    const { mark } = this.#cursor
    this.#cursor.take()
    this.#push({ kind, mark })
  }

  #scanName(): string {
    const cursor = this.#cursor
    const { mark } = cursor
    cursor.take()
    const name = cursor.takeWhile(() => /[-\w]/.test(cursor.peek()))
    if (name !== '' && (cursor.isBlankOrEnd() || /[?:,\]}%@`]/.test(cursor.peek()))) return name
    return cursor.fail('did not find expected alphabetic or numeric character', mark)
  }

  #scanTag(): string {
    const cursor = this.#cursor
    const { mark } = cursor
    const tag = cursor.takeWhile(() => !cursor.isBlankOrEnd() && !/[,[\]{}]/.test(cursor.peek()))
    if (cursor.isBlankOrEnd()) return tag
    return cursor.fail('did not find expected whitespace or line break', mark)
  }
}
