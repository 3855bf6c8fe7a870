/** What the operations of the fake AWS share: inputs that are checked member by member, and errors as AWS writes them. */
import { isObject } from '../../../core/plain-object.ts'

/** An error of the service, answered with 400 unless it says otherwise. */
export class AwsError extends Error {
  readonly type: string
  readonly status: number

  constructor(type: string, message: string, status = 400) {
    super(message)
    this.type = type
    this.status = status
  }
}

export interface Caller {
  readonly region: string
  /** Milliseconds since the epoch. */
  readonly now: number
}

export type Operation = (input: Input, caller: Caller) => unknown

/** Operations by name. */
export type Service = Readonly<Record<string, Operation>>

/** The members of a request: what is not asked for by name is refused, as a misspelt member would be lost. */
export class Input {
  readonly #members: Readonly<Record<string, unknown>>

  constructor(body: string, allowed: readonly string[]) {
    const value: unknown = JSON.parse(body)
    if (!isObject(value)) throw new AwsError('SerializationException', 'not an object')
    const unknown = Object.keys(value).find((name) => !allowed.includes(name))
    if (unknown !== undefined) throw new AwsError('SerializationException', `unknown ${unknown}`)
    this.#members = value
  }

  text(name: string): string {
    const value = this.optionalText(name)
    if (value === undefined) throw invalid(`${name} is missing`)
    return value
  }

  optionalText(name: string): string | undefined {
    const value = this.#members[name]
    if (value === undefined || typeof value === 'string') return value
    throw invalid(`${name} is no text`)
  }

  flag(name: string): boolean {
    return this.#members[name] === true
  }

  optionalNumber(name: string): number | undefined {
    const value = this.#members[name]
    if (value === undefined || typeof value === 'number') return value
    throw invalid(`${name} is no number`)
  }

  object(name: string): Readonly<Record<string, unknown>> {
    const value = this.#members[name] ?? {}
    if (isObject(value)) return value
    throw invalid(`${name} is no structure`)
  }

  texts(name: string): readonly string[] {
    return this.#list(name).filter((value) => typeof value === 'string')
  }

  objects(name: string): readonly Readonly<Record<string, unknown>>[] {
    return this.#list(name).filter(isObject)
  }

  /** `Tags`. */
  tags(): ReadonlyMap<string, string> {
    return new Map(this.objects('Tags').map(({ Key, Value }) => [String(Key), String(Value)]))
  }

  #list(name: string): readonly unknown[] {
    const value = this.#members[name] ?? []
    if (Array.isArray(value)) return value
    throw invalid(`${name} is no list`)
  }
}

export function invalid(message: string): AwsError {
  return new AwsError('ValidationException', message)
}

/** A page of `all` with the token of the next one. */
export function pageOf<Item>(
  all: readonly Item[],
  input: Input,
  most: number,
): { readonly page: readonly Item[]; readonly next: { readonly NextToken?: string } } {
  const size = input.optionalNumber('MaxResults') ?? most
  if (size < 1 || size > most) throw invalid(`MaxResults is not within 1 and ${most}`)
  const from = Number(input.optionalText('NextToken') ?? 0)
  const end = from + size
  const next = end < all.length ? { NextToken: String(end) } : {}
  return { page: all.slice(from, end), next }
}
