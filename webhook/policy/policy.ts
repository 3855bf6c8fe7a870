/** What an operator allows: the typed policy, as judge.ts applies it and read-policy.ts reads it. */
import type { AnnotationClass } from '../inject/annotations/annotation.ts'

/** What follows from what a rule forbids: a log line, a warning for the author of the pod, or a denial. */
export const modes = ['audit', 'warn', 'enforce'] as const
export type Mode = (typeof modes)[number]

export interface Policy {
  /** Origins that the address guard takes although they are loopback. */
  readonly loopback: readonly string[]
  /** For annotations of which no rule says anything; a class without an entry is allowed. */
  readonly classes: ReadonlyMap<AnnotationClass, Mode>
  readonly rules: readonly Rule[]
}

export interface Rule {
  readonly name: string
  readonly mode: Mode
  /** Of the operator, for whoever meets the rule: whom to ask for example. */
  readonly message: string | undefined
  readonly namespaces: NamespaceSelector
  readonly annotations: AnnotationRule
  readonly values: ReadonlyMap<Subject, ValueRule>
}

/** Everything that is given must hold; nothing given selects every namespace. */
export interface NamespaceSelector {
  /** Patterns. */
  readonly names: readonly string[] | undefined
  readonly requirements: readonly LabelRequirement[]
}

/** Source: Kubernetes, LabelSelectorRequirement; `matchLabels` is `In` with one value. */
export interface LabelRequirement {
  readonly key: string
  readonly operator: LabelOperator
  readonly values: readonly string[]
}

export const labelOperators = ['In', 'NotIn', 'Exists', 'DoesNotExist'] as const
export type LabelOperator = (typeof labelOperators)[number]

/** Keys without prefix, patterns of keys, and classes as `class:NAME`. */
export interface AnnotationRule {
  /** Undefined leaves the other annotations of class `gated` to later rules; a list denies those that it does not name. */
  readonly allow: readonly string[] | undefined
  readonly deny: readonly string[]
  /** A pod may not differ from the default that its namespace or the operator gives. */
  readonly lock: readonly string[]
}

/** What a rule can say of values. */
export const subjects = [
  'addresses',
  'roles',
  'images',
  'commands',
  'paths',
  'profiles',
  'stores',
  'storeTypes',
  'storePaths',
] as const
export type Subject = (typeof subjects)[number]

/** Everything that a rule can speak of. */
export const judgedSubjects = [...subjects, 'annotations', 'locks'] as const

/** `deny` beats `allow`; with `allow` everything that it does not name is denied. */
export interface ValueRule {
  readonly allow: readonly string[] | undefined
  readonly deny: readonly string[]
}
