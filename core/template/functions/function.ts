/** How a template function is written: typed parameters, a pure body, one row in a table. */
import type { ReferenceStores } from '../../reference.ts'
import type { FileEffect, LocalAnswer, LocalRequest } from '../local-request.ts'
import type { Randomness } from '../randomness.ts'
import type { SecretQuestion } from '../secret-request.ts'
import {
  anyListType,
  anyMap,
  anyMapType,
  anyType,
  type ConcreteValue,
  type GoMap,
  type GoType,
  textOf,
  unbox,
  type Value,
} from '../values.ts'

/** What a body may ask of the rendering that runs it. */
export interface FunctionHost {
  /** The answer as a Go value, undefined while there is none; the request is noted either way. */
  readonly secret: (question: SecretQuestion) => Value
  /** The stores that paths may name; undefined where a path is always Vault's. */
  readonly stores: ReferenceStores | undefined
  /** What the machine answers, undefined while it has not; the request is noted either way. */
  readonly local: (request: LocalRequest) => LocalAnswer | undefined
  /** Notes a file that is to be written once the rendering is complete. */
  readonly write: (effect: Omit<FileEffect, 'where'>) => void
  /** Chance; asking for it where none was given fails. */
  readonly random: () => Randomness
  /** An environment variable, undefined where it is not set. */
  readonly variable: (name: string) => string | undefined
  /** The time of the rendering in milliseconds since the epoch. */
  readonly now: () => number
  /** The store that all templates of the rendering share. */
  readonly scratch: Value
  /** The output of a defined template with `data` as its dot. */
  readonly executeTemplate: (name: string, data: Value) => string
}

export interface GoFunction {
  readonly name: string
  /** Types of the parameters that must be given. */
  readonly parameters: readonly GoType[]
  /** Type of any further ones. */
  readonly rest?: GoType
  /** `and` and `or` evaluate no more arguments than they need, `call` names its callee in errors. */
  readonly form?: 'and' | 'or' | 'call'
  /** Why it can never be called: a method with more results than templates take. */
  readonly complaint?: string
  /** Arguments have been checked against the types. Throws `FunctionError`. */
  readonly run: (values: readonly Value[], host: FunctionHost) => Value
}

/** Name → function; one that is not asked for need not be made. */
export interface FunctionTable {
  readonly get: (name: string) => GoFunction | undefined
  readonly has: (name: string) => boolean
  readonly keys: () => Iterable<string>
}

/** Part of a message: fixed words, or a value, which is shown only where it cannot be a secret. */
export type MessagePart = string | { readonly value: string }

/** A function's failure; `error calling NAME: ` is put before it. */
export class FunctionError extends Error {
  readonly parts: readonly MessagePart[]

  constructor(...parts: readonly MessagePart[]) {
    super('a template function failed')
    this.parts = parts
  }
}

/** The failure of a function that the policy denies. */
export class DeniedError extends FunctionError {}

/** Puts words before the failure of `run`, as Go's wrapped errors do. */
export function prefixing<T>(prefix: readonly MessagePart[], run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (!(thrown instanceof FunctionError)) throw thrown
    throw new FunctionError(...prefix, ...thrown.parts)
  }
}

/** The result of `run`, or the fallback where it fails. */
export function orElse<T>(fallback: T, run: () => T): T {
  try {
    return run()
  } catch (thrown) {
    if (thrown instanceof FunctionError) return fallback
    throw thrown
  }
}

/** A parameter: its Go type, and how a value that passed the check is read. */
export interface Parameter<T> {
  readonly type: GoType
  readonly read: (value: Value) => T
}

/** A Go string, as byte string. */
export const stringParameter: Parameter<string> = {
  type: 'string',
  read: (value) => textOf(value) ?? '',
}

/** Anything, out of its interface; undefined is nil. */
export const anyParameter: Parameter<ConcreteValue | undefined> = { type: anyType, read: unbox }

/** Anything with the static type that Go's reflection sees, which only builtins do. */
export const reflectedParameter: Parameter<Value> = {
  type: 'reflect.Value',
  read: (value) => value,
}

export const boolParameter: Parameter<boolean> = {
  type: 'bool',
  read: (value) => value === true,
}

export const intParameter: Parameter<bigint> = {
  type: 'int',
  read: (value) => (typeof value === 'object' && value.kind === 'int' ? value.value : 0n),
}

/** `[]string` */
export const stringListParameter: Parameter<readonly string[]> = {
  type: '[]string',
  read: (value) => {
    if (typeof value !== 'object' || value.kind !== 'slice') return []
    return value.items.map((item) => textOf(item) ?? '')
  },
}

/** `[]interface {}` */
export const anyListParameter: Parameter<readonly Value[]> = {
  type: anyListType,
  read: (value) => (typeof value === 'object' && value.kind === 'slice' ? value.items : []),
}

/** `map[string]interface {}`, which functions may change. */
export const anyMapParameter: Parameter<GoMap> = {
  type: anyMapType,
  read: (value) => (typeof value === 'object' && value.kind === 'map' ? value : anyMap(new Map())),
}

type Body<Arguments extends readonly unknown[]> = (...values: [...Arguments, FunctionHost]) => Value

export function unary<A>(name: string, a: Parameter<A>, run: Body<[A]>): GoFunction {
  return { name, parameters: [a.type], run: ([first], host) => run(a.read(first), host) }
}

export function binary<A, B>(
  name: string,
  [a, b]: readonly [Parameter<A>, Parameter<B>],
  run: Body<[A, B]>,
): GoFunction {
  return {
    name,
    parameters: [a.type, b.type],
    run: ([first, second], host) => run(a.read(first), b.read(second), host),
  }
}

export function ternary<A, B, C>(
  name: string,
  [a, b, c]: readonly [Parameter<A>, Parameter<B>, Parameter<C>],
  run: Body<[A, B, C]>,
): GoFunction {
  return {
    name,
    parameters: [a.type, b.type, c.type],
    run: ([first, second, third], host) => run(a.read(first), b.read(second), c.read(third), host),
  }
}

/** A function of any number of arguments of one type. */
export function variadic<R>(
  name: string,
  rest: Parameter<R>,
  run: Body<[readonly R[]]>,
): GoFunction {
  return {
    name,
    parameters: [],
    rest: rest.type,
    run: (values, host) => run(values.map(rest.read), host),
  }
}

/** A function of one argument and any number of further ones. */
export function variadicAfter<A, R>(
  name: string,
  [a, rest]: readonly [Parameter<A>, Parameter<R>],
  run: Body<[A, readonly R[]]>,
): GoFunction {
  return {
    name,
    parameters: [a.type],
    rest: rest.type,
    run: ([first, ...others], host) => run(a.read(first), others.map(rest.read), host),
  }
}
