/** What all forms of a report are made from. */
import type { Finding } from '../manifests/finding.ts'

export interface Report {
  readonly findings: readonly Finding[]
  /** How many files, directories unfolded. */
  readonly files: number
  /** The working directory: files are named relative to it where a format asks for that. */
  readonly directory: string
}

export interface Totals {
  readonly errors: number
  readonly warnings: number
}

export function countFindings(findings: readonly Finding[]): Totals {
  const errors = findings.filter(({ severity }) => severity === 'error').length
  return { errors, warnings: findings.length - errors }
}
