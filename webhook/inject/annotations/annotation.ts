/** The type of a row of the annotation table. */

import type { ValueKind } from '../kinds/value-kinds.ts'
import type { Stage } from '../problem.ts'

/** The prefixes of one table, in the order in which they are looked up. */
export const prefixes = ['vault.hashicorp.com/', 'openbao.org/', 'claviger.dev/'] as const
export type Prefix = (typeof prefixes)[number]

/**
 * What a policy may say of annotations in one word, `class:gated` for example.
 * - `free`: what any author of a pod may choose;
 * - `gated`: where the pod's identity goes, what runs in the agent, what the agent may see;
 * - `bounded`: free within bounds that its kind checks;
 * - `reserved`: written by the webhook itself.
 */
export const annotationClasses = ['free', 'gated', 'bounded', 'reserved'] as const
export type AnnotationClass = (typeof annotationClasses)[number]

/** What the reference says of an annotation, beside its kind. */
export interface Description<T> {
  readonly class: AnnotationClass
  /** As a reader sees it: a value, or where it comes from. */
  readonly default: string
  /** The version that brought it. */
  readonly since: string
  readonly doc: string
  /** How vault-k8s reads a value, where it takes more or other values than `kind`. */
  readonly stock?: ValueKind<T>
  /** Where vault-k8s notices a wrong value; `parse` when absent. */
  readonly stage?: Stage
  /** True for an annotation that vault-k8s does not have: profile vault-k8s does not read it. */
  readonly ours?: boolean
  /** True for a family that vault-k8s reads without a name too. */
  readonly unnamed?: boolean
  /** The agents that act on it, where not all do. */
  readonly agents?: 'stock' | 'claviger'
}

/** An annotation with one fixed key. */
export interface PlainAnnotation<T> extends Description<T> {
  readonly form: 'plain'
  /** Without prefix. */
  readonly key: string
  readonly kind: ValueKind<T>
}

/** Annotations whose key ends in a name chosen by the user. */
export interface AnnotationFamily<T> extends Description<T> {
  readonly form: 'family'
  /** Without prefix and without the name, with the dash between. */
  readonly key: string
  readonly kind: ValueKind<T>
}

export type Annotation<T> = PlainAnnotation<T> | AnnotationFamily<T>

export function plain<T>(
  key: string,
  kind: ValueKind<T>,
  description: Description<T>,
): PlainAnnotation<T> {
  return { form: 'plain', key, kind, ...description }
}

export function family<T>(
  key: string,
  kind: ValueKind<T>,
  description: Description<T>,
): AnnotationFamily<T> {
  return { form: 'family', key, kind, ...description }
}
