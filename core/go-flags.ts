/** Command lines in Go's spelling: `-name=value`, `-name value`, `--name`, booleans bare; each flag may have a variable. */
import type { Issue, Parsed } from './issue.ts'
import { findNearest } from './nearest.ts'

export interface FlagRow {
  /** `list` may be given more than once. */
  readonly kind: 'text' | 'boolean' | 'list'
  /** What `--help` says; one sentence without a full stop. */
  readonly help: string
  /** The environment variable that stands in for an absent flag. */
  readonly variable?: string
  /** Shown in `--help`, for example `PATH`. */
  readonly argument?: string
  /** Left out of `--help`. */
  readonly hidden?: boolean
}

/** Flag name (without dashes) → row. */
export type FlagTable = Readonly<Record<string, FlagRow>>

export type FlagValues<T extends FlagTable> = {
  readonly [Name in keyof T]?: T[Name]['kind'] extends 'boolean'
    ? boolean
    : T[Name]['kind'] extends 'list'
      ? readonly string[]
      : string
}

export interface ParsedFlags<T extends FlagTable> {
  readonly flags: FlagValues<T>
  readonly rest: readonly string[]
}

export type Variables = Readonly<Record<string, string | undefined>>

const falsy = new Set(['0', 'f', 'F', 'false', 'False', 'FALSE'])
const truthy = new Set(['1', 't', 'T', 'true', 'True', 'TRUE'])

/** The flags before the first bare word or `--`, and what follows. Source: Go's flag package. */
export function parseFlags<T extends FlagTable>(
  table: T,
  words: readonly string[],
  variables: Variables,
): Parsed<ParsedFlags<T>> {
  const values = new FlagCollector(table)
  values.addVariables(variables)
  return values.finish<T>(values.addWords(words))
}

/** The same for command lines whose bare words may stand between flags, up to a `--`; `rest` holds them all. */
export function parseMixedFlags<T extends FlagTable>(
  table: T,
  words: readonly string[],
  variables: Variables,
): Parsed<ParsedFlags<T>> {
  const values = new FlagCollector(table)
  values.addVariables(variables)
  return values.finish<T>(values.addMixedWords(words))
}

/** One aligned line a flag, for `--help`. */
export function formatFlags(table: FlagTable): string {
  const shown = Object.entries(table).filter(([, { hidden }]) => hidden !== true)
  const rows = shown.map(([name, row]) => {
    const spelling = row.kind === 'boolean' ? `-${name}` : `-${name}=${row.argument ?? 'VALUE'}`
    const variable = row.variable === undefined ? '' : ` [${row.variable}]`
    return [spelling, `${row.help}${variable}`] as const
  })
  const width = Math.max(...rows.map(([spelling]) => spelling.length))
  return rows.map(([spelling, help]) => `  ${spelling.padEnd(width)}  ${help}`).join('\n')
}

class FlagCollector {
  readonly issues: Issue[] = []
  readonly #values = new Map<string, string | boolean | readonly string[]>()
  readonly #table: FlagTable

  constructor(table: FlagTable) {
    this.#table = table
  }

  addVariables(variables: Variables): void {
    for (const [name, { variable }] of Object.entries(this.#table)) {
      const value = variable === undefined ? undefined : variables[variable]
      if (value !== undefined && value !== '') this.#add(name, value, variable ?? name)
    }
  }

  /** The words that are no flags. */
  addWords(words: readonly string[]): readonly string[] {
    const at = this.#addFlags(words)
    return words.slice(words[at] === '--' ? at + 1 : at)
  }

  addMixedWords(words: readonly string[]): readonly string[] {
    const bare: string[] = []
    let left = words
    for (;;) {
      left = left.slice(this.#addFlags(left))
      const [word, ...others] = left
      if (word === undefined) return bare
      if (word === '--') return [...bare, ...others]
      bare.push(word)
      left = others
    }
  }

  finish<T extends FlagTable>(rest: readonly string[]): Parsed<ParsedFlags<T>> {
    if (this.issues.length > 0) return { kind: 'issues', issues: this.issues }
    // Each value was put there by its row's kind.
    const flags = Object.fromEntries(this.#values) as FlagValues<T>
    return { kind: 'ok', value: { flags, rest } }
  }

  /** How many words the flags at the front take. */
  #addFlags(words: readonly string[]): number {
    let at = 0
    while (at < words.length) {
      const match = /^--?([^-=][^=]*)(?:=(.*))?$/s.exec(words[at] ?? '')
      if (match === null) break
      const [, name = '', inline] = match
      at += 1
      const takesValue = ['text', 'list'].includes(this.#row(name)?.kind ?? '')
      if (takesValue && inline === undefined) {
        this.#add(name, words[at], `-${name}`)
        at += 1
      } else {
        this.#add(name, inline ?? 'true', `-${name}`)
      }
    }
    return at
  }

  #list(name: string): readonly string[] {
    const present = this.#values.get(name)
    return Array.isArray(present) ? present : []
  }

  #row(name: string): FlagRow | undefined {
    return Object.hasOwn(this.#table, name) ? this.#table[name] : undefined
  }

  #add(name: string, value: string | undefined, path: string): void {
    const row = this.#row(name)
    if (row === undefined) this.issues.push(unknownFlag(name, Object.keys(this.#table)))
    else if (value === undefined) this.issues.push({ code: 'flag', path, expected: 'a value' })
    else if (row.kind === 'text') this.#values.set(name, value)
    else if (row.kind === 'list') this.#values.set(name, [...this.#list(name), value])
    else if (truthy.has(value)) this.#values.set(name, true)
    else if (falsy.has(value)) this.#values.set(name, false)
    else {
      const got = value.slice(0, 20)
      this.issues.push({ code: 'flag', path, expected: 'true or false', got })
    }
  }
}

function unknownFlag(name: string, known: readonly string[]): Issue {
  const near = findNearest(name, known) ?? known.find((candidate) => candidate.startsWith(name))
  const hint = near === undefined ? '--help lists them' : `did you mean -${near}?`
  return { code: 'flag', path: `-${name}`, expected: 'a flag that exists', hint }
}
