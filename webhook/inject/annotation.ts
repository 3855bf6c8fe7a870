/** The type of a row of the annotation table. */
import type { ValueKind } from './value-kinds.ts'

/** The prefixes of one table, in the order in which they are looked up. */
export const prefixes = ['vault.hashicorp.com/', 'openbao.org/', 'claviger.dev/'] as const
export type Prefix = (typeof prefixes)[number]

/** What the reference says of an annotation, beside its kind. */
interface Description {
  /** As a reader sees it: a value, or where it comes from. */
  readonly default: string
  /** The version that brought it. */
  readonly since: string
  readonly doc: string
}

/** An annotation with one fixed key. */
export interface PlainAnnotation<T> extends Description {
  readonly form: 'plain'
  /** Without prefix. */
  readonly key: string
  readonly kind: ValueKind<T>
}

/** Annotations whose key ends in a name chosen by the user. */
export interface AnnotationFamily<T> extends Description {
  readonly form: 'family'
  /** Without prefix and without the name, with the dash between. */
  readonly key: string
  readonly kind: ValueKind<T>
}

export function plain<T>(
  key: string,
  kind: ValueKind<T>,
  description: Description,
): PlainAnnotation<T> {
  return { form: 'plain', key, kind, ...description }
}

export function family<T>(
  key: string,
  kind: ValueKind<T>,
  description: Description,
): AnnotationFamily<T> {
  return { form: 'family', key, kind, ...description }
}
