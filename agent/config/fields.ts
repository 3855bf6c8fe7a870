/** Typed access to the blocks of a configuration, collecting every problem on the way. */
import { parseDuration } from '../../core/duration.ts'
import type { Issue } from '../../core/issue.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'

/** Settings are given as strings where Vault's own loader takes them so: `"true"`, `"5m"`, `"0640"`. */
export class Fields {
  readonly #block: ReadonlyMap<string, JsonValue>
  readonly #path: string
  readonly #issues: Issue[]

  constructor(block: ReadonlyMap<string, JsonValue>, path: string, issues: Issue[]) {
    this.#block = block
    this.#path = path
    this.#issues = issues
  }

  has(key: string): boolean {
    return (this.#block.get(key) ?? null) !== null
  }

  text(key: string): string | undefined {
    return this.#read(key, 'a string', (value) => (typeof value === 'string' ? value : undefined))
  }

  requiredText(key: string, hint?: string): string {
    const value = this.text(key)
    if (value === undefined || value.trim() === '') {
      if (!this.has(key) || value !== undefined) this.#report(key, 'a non-empty string', hint)
      return ''
    }
    return value
  }

  /** A list of strings; a single string is a list of one. */
  texts(key: string): readonly string[] | undefined {
    return this.#read(key, 'a list of strings', (value) => {
      const list: readonly JsonValue[] = Array.isArray(value) ? value : [value]
      const texts = list.filter((item) => typeof item === 'string')
      return texts.length === list.length ? texts : undefined
    })
  }

  flag(key: string): boolean | undefined {
    return this.#read(key, 'true or false', (value) => booleans.get(value))
  }

  whole(key: string): number | undefined {
    return this.#read(key, 'a whole number', (value) => {
      const text = value instanceof JsonNumber ? value.text : value
      return typeof text === 'string' && /^-?\d{1,9}$/.test(text) ? Number(text) : undefined
    })
  }

  fraction(key: string): number | undefined {
    return this.#read(key, 'a number between 0 and 1', (value) => {
      const number = value instanceof JsonNumber ? Number(value.text) : Number.NaN
      return number > 0 && number < 1 ? number : undefined
    })
  }

  /** Milliseconds. */
  duration(key: string): number | undefined {
    return this.#read(key, 'a duration such as "90s", "5m" or a number of seconds', (value) => {
      const text = value instanceof JsonNumber ? value.text : value
      if (typeof text !== 'string') return undefined
      const parsed = parseDuration(text, key)
      return parsed.kind === 'ok' ? parsed.value : undefined
    })
  }

  /** Mode bits from octal text such as "0640", or from a number as its decimal value (Vault's own reading). */
  mode(key: string): number | undefined {
    return this.#read(key, 'octal permissions such as "0640"', (value) => {
      const mode =
        typeof value === 'string' && /^[0-7]{1,5}$/.test(value)
          ? Number.parseInt(value, 8)
          : Number(value instanceof JsonNumber ? value.text : Number.NaN)
      return Number.isInteger(mode) && mode >= 0 && mode <= 0o7777 ? mode : undefined
    })
  }

  /** The block under `key`; an array of one block is the same (HCL's JSON form), an absent one is empty. */
  block(key: string): Fields {
    const [first = new Map(), ...others] = this.#maps(key)
    if (others.length > 0) this.#report(key, 'at most one block')
    return new Fields(first, this.#at(key), this.#issues)
  }

  blocks(key: string): readonly Fields[] {
    return this.#maps(key).map(
      (block, index) => new Fields(block, `${this.#at(key)}[${index}]`, this.#issues),
    )
  }

  report(
    key: string,
    expected: string,
    details: { readonly got?: string; readonly hint?: string } = {},
  ) {
    this.#issues.push({ code: 'config', path: this.#at(key), expected, ...details })
  }

  #read<T>(
    key: string,
    expected: string,
    parse: (value: JsonValue) => T | undefined,
  ): T | undefined {
    const value = this.#block.get(key) ?? null
    if (value === null) return undefined
    const parsed = parse(value)
    if (parsed === undefined) this.#report(key, expected)
    return parsed
  }

  #maps(key: string): readonly ReadonlyMap<string, JsonValue>[] {
    const value = this.#block.get(key) ?? null
    if (value === null) return []
    const list: readonly JsonValue[] = Array.isArray(value) ? value : [value]
    const maps = list.filter((item) => item instanceof Map)
    if (maps.length < list.length) this.#report(key, 'a block or a list of blocks')
    return maps
  }

  #report(key: string, expected: string, hint?: string): void {
    this.report(key, expected, hint === undefined ? {} : { hint })
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`
  }
}

const booleans = new Map<JsonValue, boolean>([
  [true, true],
  [false, false],
  ['true', true],
  ['false', false],
])
