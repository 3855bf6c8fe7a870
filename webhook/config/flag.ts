/** A row of the table of flags and variables. */
import type { PlainAnnotation } from '../inject/annotations/annotation.ts'
import { orEmpty, type ValueKind } from '../inject/kinds/value-kinds.ts'

export interface Flag<T> {
  /** Without dashes. */
  readonly name: string
  /** Whether there is no such flag, but only the variable. */
  readonly isVariable: boolean
  /** The variable, which beats the flag unless it is empty. */
  readonly env: string
  /** All its spellings: the first that is there counts, even if it is empty. */
  readonly variables: readonly string[]
  readonly kind: ValueKind<T>
  /** As it would be written; undefined when there is none. */
  readonly default: string | undefined
  /** What differs in profile `vault-k8s`. */
  readonly stock: StockDifference<T>
  readonly doc: string
  /** Whether vault-k8s 1.7.6 has it. */
  readonly isStock: boolean
  /** Whether it stands for true by itself, and never takes the next argument. */
  readonly isSwitch: boolean
  /** The key of the annotation that it is the default of, for pods that do not have it. */
  readonly annotation: string | undefined
  /** Whether the value is only that: then empty means the default of the profile. */
  readonly isFallback: boolean
}

export interface StockDifference<T> {
  readonly kind?: ValueKind<T>
  readonly default?: string
  /** Whether an empty flag means the default, as vault-k8s finds out when it makes a pod. */
  readonly emptyIsDefault?: boolean
  /** Whether vault-k8s reads it and then forgets it. */
  readonly isIgnored?: boolean
}

export interface FlagOptions<T> {
  readonly default?: string
  readonly doc: string
  readonly stock?: StockDifference<T>
  readonly isSwitch?: boolean
  readonly annotation?: string
  /** The name of the variable where it is not made from the flag's; without prefix. */
  readonly variable?: string
  /** How envconfig, which vault-k8s reads variables with, knows the field; `words` by default. */
  readonly tag?: VariableTag
}

/**
 * `words`: only with the prefix. `whole`: tagged with the whole name, so that envconfig asks for a doubled prefix first. `short`:
 * tagged with the name alone, so that it is asked for without the prefix when the prefixed one is absent.
 */
export type VariableTag = 'words' | 'whole' | 'short'

const prefix = 'AGENT_INJECT_'

/** Source: kelseyhightower/envconfig, gatherInfo and Process. */
const spellings: Readonly<Record<VariableTag, (name: string) => readonly string[]>> = {
  words: (name) => [prefix + name],
  whole: (name) => [prefix + prefix + name, prefix + name],
  short: (name) => [prefix + name, name],
}

/** A flag of vault-k8s. */
export function stockFlag<T>(name: string, kind: ValueKind<T>, options: FlagOptions<T>): Flag<T> {
  return { ...ownFlag(name, kind, options), isStock: true }
}

/** A flag of ours. */
export function ownFlag<T>(name: string, kind: ValueKind<T>, options: FlagOptions<T>): Flag<T> {
  const { variable = name.toUpperCase().replaceAll('-', '_'), tag = 'words' } = options
  return {
    name,
    env: prefix + variable,
    variables: spellings[tag](variable),
    kind,
    default: options.default,
    stock: options.stock ?? {},
    doc: options.doc,
    isStock: false,
    isSwitch: options.isSwitch ?? false,
    annotation: options.annotation,
    isVariable: false,
    isFallback: false,
  }
}

/** The operator's default for an annotation; without one the profile's applies. */
export function fallback<T>(
  name: string,
  { key, kind }: Pick<PlainAnnotation<T>, 'key' | 'kind'>,
  options: Omit<FlagOptions<T | ''>, 'doc' | 'default' | 'annotation'>,
): Flag<T | ''> {
  const doc = `Default of the annotation ${key}; empty for the profile’s.`
  const kindOrEmpty = kind.parse('') === undefined ? orEmpty(kind) : kind
  const row = stockFlag<T | ''>(name, kindOrEmpty, {
    default: '',
    doc,
    annotation: key,
    ...options,
  })
  return { ...row, isFallback: true }
}

/** The same for an annotation of ours. */
export function ownFallback<T>(
  name: string,
  row: Pick<PlainAnnotation<T>, 'key' | 'kind'>,
): Flag<T | ''> {
  return { ...fallback(name, row, {}), isStock: false }
}

/** How messages name the flag. */
export function spellFlag({ name, env, isVariable }: Flag<unknown>): string {
  return isVariable ? env : `-${name}`
}
