/** One problem found in outside input; parsers return all of them, never just the first. */

/** `got` is given only for values of a known set, numbers, durations and booleans: never for what may be a secret. */
export interface Issue {
  readonly code: string
  /** Where: an annotation, a flag, a configuration key path. */
  readonly path: string
  readonly expected: string
  readonly got?: string
  /** How to mend it. */
  readonly hint?: string
  /** Where in the value, when that is a text of lines: both from 1, the column in bytes. */
  readonly at?: { readonly line: number; readonly column: number }
}

/** A parser's answer: the typed value, or every problem found. */
export type Parsed<T> =
  | { readonly kind: 'ok'; readonly value: T }
  | { readonly kind: 'issues'; readonly issues: readonly Issue[] }

/** `path: expected EXPECTED, got GOT (HINT)`, on one line. */
export function formatIssue({ path, expected, got, hint }: Issue): string {
  const value = got === undefined ? '' : `, got ${JSON.stringify(got)}`
  return `${path}: expected ${expected}${value}${hint === undefined ? '' : ` (${hint})`}`
}
