/** Typed access to a part of the policy document, collecting every problem on the way. */
import type { Issue } from '../../core/issue.ts'
import { findNearest } from '../../core/nearest.ts'
import { isObject } from '../../core/plain-object.ts'

type Json = Readonly<Record<string, unknown>>

/** Issue code `policy`; no issue repeats a value but the names of settings. */
export class Section {
  readonly #value: Json
  readonly #path: string
  readonly #issues: Issue[]

  constructor(value: unknown, path: string, issues: Issue[]) {
    this.#path = path
    this.#issues = issues
    this.#value = isObject(value) ? value : {}
    if (value !== this.#value && value !== undefined && value !== null) {
      this.#add(path, 'a mapping')
    }
  }

  /** Reports what is none of these. */
  expectKeys(known: readonly string[]): void {
    for (const key of Object.keys(this.#value)) {
      if (known.includes(key)) continue
      const meant = findNearest(key, known)
      const hint = meant === undefined ? undefined : `did you mean ${meant}?`
      this.#add(this.#at(key), `one of the settings ${known.join(', ')}`, hint)
    }
  }

  has(key: string): boolean {
    return this.#read(key) !== undefined
  }

  text(key: string, expected: string, isValid: (text: string) => boolean): string | undefined {
    const value = this.#read(key)
    if (value === undefined) return undefined
    if (typeof value === 'string' && isValid(value)) return value
    this.#add(this.#at(key), expected)
    return undefined
  }

  choice<const T extends string>(key: string, choices: readonly T[]): T | undefined {
    const value = this.#read(key)
    const found = choices.find((one) => one === value)
    if (value !== undefined && found === undefined) {
      this.#add(this.#at(key), `one of ${choices.join(', ')}`)
    }
    return found
  }

  /** Undefined when there is none; elements that are wrong are left out. */
  texts(
    key: string,
    expected: string,
    isValid: (text: string) => boolean,
  ): readonly string[] | undefined {
    const value = this.#read(key)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) {
      this.#add(this.#at(key), 'a list')
      return undefined
    }
    return value.flatMap((element: unknown, index) => {
      if (typeof element === 'string' && isValid(element)) return [element]
      this.#add(`${this.#at(key)}[${index}]`, expected)
      return []
    })
  }

  section(key: string): Section {
    return new Section(this.#read(key), this.#at(key), this.#issues)
  }

  sections(key: string): readonly Section[] {
    const value = this.#read(key)
    if (value === undefined) return []
    if (!Array.isArray(value)) {
      this.#add(this.#at(key), 'a list')
      return []
    }
    return value.flatMap((element: unknown, index) => {
      const path = `${this.#at(key)}[${index}]`
      if (isObject(element)) return [new Section(element, path, this.#issues)]
      this.#add(path, 'a mapping')
      return []
    })
  }

  /** Names and values that are texts. */
  entries(key: string): readonly (readonly [string, string])[] {
    const section = this.section(key)
    return Object.keys(section.#value).flatMap((name) => {
      const value = section.text(name, 'a text', () => true)
      return value === undefined ? [] : [[name, value] as const]
    })
  }

  report(key: string, expected: string, hint?: string): void {
    this.#add(this.#at(key), expected, hint)
  }

  #read(key: string): unknown {
    return Object.hasOwn(this.#value, key) ? (this.#value[key] ?? undefined) : undefined
  }

  #at(key: string): string {
    return this.#path === '' ? key : `${this.#path}.${key}`
  }

  #add(path: string, expected: string, hint?: string): void {
    this.#issues.push({
      code: 'policy',
      path: path === '' ? 'policy' : path,
      expected,
      ...(hint === undefined ? {} : { hint }),
    })
  }
}
