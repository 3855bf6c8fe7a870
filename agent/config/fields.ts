/** Typed access to the blocks of a configuration, collecting every problem on the way. */
import type { Issue } from '../../core/issue.ts'
import { JsonNumber, type JsonObject, type JsonValue } from '../../core/json.ts'
import { findNearest } from '../../core/nearest.ts'
import { parseFlag, parseMilliseconds, parseMode, parseWhole } from './scalars.ts'

interface Details {
  /** Never what may be a secret. */
  readonly got?: string
  readonly hint?: string
}

const warningCode = 'config_warning'

/** Whether the configuration serves in spite of it. */
export function isWarning({ code }: Issue): boolean {
  return code === warningCode
}

/** A number as octal permissions is mostly a slip from here on: 0o1000, and 644 and 755 without their zero. */
const suspiciousMode = 0o1000

/** Settings are given as strings where Vault's own loader takes them so: `"true"`, `"5m"`, `"0640"`. */
export class Fields {
  readonly #block: JsonObject
  readonly #path: string
  readonly #issues: Issue[]

  /** What `report` and `warn` find goes to `issues`; `isWarning` tells the two apart. */
  constructor(block: JsonObject, path: string, issues: Issue[]) {
    this.#block = block
    this.#path = path
    this.#issues = issues
  }

  has(key: string): boolean {
    return (this.#block.get(key) ?? null) !== null
  }

  keys(): readonly string[] {
    return [...this.#block.keys()]
  }

  isText(key: string): boolean {
    return typeof this.#block.get(key) === 'string'
  }

  /** Whether blocks and nothing else stand under `key`. */
  isBlock(key: string): boolean {
    const list = listOf(this.#block.get(key))
    return list.length > 0 && list.every((item) => item instanceof Map)
  }

  text(key: string): string | undefined {
    return this.parsed(key, 'a string', (value) => (typeof value === 'string' ? value : undefined))
  }

  requiredText(key: string, hint?: string): string {
    const value = this.text(key)
    if (value === undefined || value.trim() === '') {
      if (!this.has(key) || value !== undefined) {
        this.report(key, 'a non-empty string', hint === undefined ? {} : { hint })
      }
      return ''
    }
    return value
  }

  /** One of `names`; a text that is none of them is reported with the nearest. */
  choice<T extends string>(key: string, names: readonly T[]): T | undefined {
    const text = this.text(key)
    if (text === undefined) return undefined
    const chosen = names.find((name) => name === text)
    if (chosen !== undefined) return chosen
    const nearest = findNearest(text, names)
    const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
    this.report(key, `one of ${names.join(', ')}`, hint)
    return undefined
  }

  /** A list of strings; a single string is a list of one. */
  texts(key: string): readonly string[] | undefined {
    return this.parsed(key, 'a list of strings', (value) => parseTexts(value))
  }

  /** A list of strings and nothing else. */
  list(key: string): readonly string[] | undefined {
    return this.parsed(key, 'a list of strings', (value) =>
      Array.isArray(value) ? parseTexts(value) : undefined,
    )
  }

  /** A boolean, or the text or number of one. */
  flag(key: string): boolean | undefined {
    return this.parsed(key, 'true or false', parseFlag)
  }

  /** A boolean and nothing else: where Vault Agent refuses `"true"`. */
  strictFlag(key: string): boolean | undefined {
    return this.parsed(key, 'true or false, without quotes', (value) =>
      typeof value === 'boolean' ? value : undefined,
    )
  }

  whole(key: string): number | undefined {
    return this.parsed(key, 'a whole number', parseWhole)
  }

  number(key: string): number | undefined {
    return this.parsed(key, 'a number', (value) => {
      const number = value instanceof JsonNumber ? Number(value.text) : Number.NaN
      return Number.isFinite(number) ? number : undefined
    })
  }

  /** Milliseconds; a negative duration is 0. */
  duration(key: string): number | undefined {
    const expected = 'a duration such as "90s", "5m" or a number of seconds'
    return this.parsed(key, expected, parseMilliseconds)
  }

  /** Mode bits from octal text such as "0640", or from a number as its value (Vault's own reading). */
  mode(key: string): number | undefined {
    const mode = this.parsed(key, 'octal permissions such as "0640"', parseMode)
    const value = this.#block.get(key)
    if (mode !== undefined && mode >= suspiciousMode && value instanceof JsonNumber) {
      const hint = `as a number this is mode ${mode.toString(8).padStart(4, '0')}`
      this.warn(key, 'octal permissions in quotes', { got: value.text, hint })
    }
    return mode
  }

  /** The block under `key`; an array of one block is the same (HCL's JSON form), an absent one is empty. */
  block(key: string): Fields {
    const [first = new Map(), ...others] = this.#maps(key)
    if (others.length > 0) this.report(key, 'at most one block')
    return new Fields(first, this.#at(key), this.#issues)
  }

  blocks(key: string): readonly Fields[] {
    return this.#number(key, this.#maps(key))
  }

  /** The blocks under `key`, as `block` or `blocks` names them; what is none is left to who reads it. */
  children(key: string, isList: boolean): readonly Fields[] {
    const maps = listOf(this.#block.get(key)).filter((item) => item instanceof Map)
    if (isList) return this.#number(key, maps)
    return maps.map((block) => new Fields(block, this.#at(key), this.#issues))
  }

  report(key: string, expected: string, details: Details = {}) {
    this.#issues.push({ code: 'config', path: this.#at(key), expected, ...details })
  }

  /** What is read all the same. */
  warn(key: string, expected: string, details: Details = {}) {
    this.#issues.push({ code: warningCode, path: this.#at(key), expected, ...details })
  }

  /** What `parse` makes of the value; undefined where there is none, and, reported, where `parse` gives undefined. */
  parsed<T>(
    key: string,
    expected: string,
    parse: (value: JsonValue) => T | undefined,
  ): T | undefined {
    const value = this.#block.get(key) ?? null
    if (value === null) return undefined
    const parsed = parse(value)
    if (parsed === undefined) this.report(key, expected)
    return parsed
  }

  #maps(key: string): readonly JsonObject[] {
    const value = this.#block.get(key) ?? null
    if (value === null) return []
    const list = listOf(value)
    const maps = list.filter((item) => item instanceof Map)
    if (maps.length < list.length) this.report(key, 'a block or a list of blocks')
    return maps
  }

  #number(key: string, maps: readonly JsonObject[]): readonly Fields[] {
    return maps.map((block, index) => new Fields(block, `${this.#at(key)}[${index}]`, this.#issues))
  }

  #at(key: string): string {
    if (key === '') return this.#path
    return this.#path === '' ? key : `${this.#path}.${key}`
  }
}

function listOf(value: JsonValue | undefined): readonly JsonValue[] {
  if (value === undefined || value === null) return []
  return Array.isArray(value) ? value : [value]
}

function parseTexts(value: JsonValue): readonly string[] | undefined {
  const list = listOf(value)
  const texts = list.filter((item) => typeof item === 'string')
  return texts.length === list.length ? texts : undefined
}
