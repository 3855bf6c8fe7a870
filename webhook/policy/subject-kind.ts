/** How the values of a subject are compared with the patterns of a policy. */
import type { PatternValues } from './glob.ts'

export interface SubjectKind {
  /** Completes "expected …" for a wrong pattern. */
  readonly expected: string
  readonly isPattern: (pattern: string) => boolean
  /** Strict: what is unclear does not match. */
  readonly allows: (pattern: string, value: string, values: PatternValues) => boolean
  /** Wide: what the store or the agent might take for the same matches too. */
  readonly denies: (pattern: string, value: string, values: PatternValues) => boolean
}

/** The pattern that every value matches. */
export const anything = '*'
