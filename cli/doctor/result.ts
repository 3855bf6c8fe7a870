/** What an examination found. */
import { AppError } from '../../core/errors.ts'
import type { CheckId } from './checks.ts'

/** Never holds a token or a value. */
export type Result =
  | { readonly kind: 'passed'; readonly check: CheckId; readonly detail?: string }
  | Failure
  /** It could not be examined: no sign that anything is wrong. */
  | { readonly kind: 'skipped'; readonly check: CheckId; readonly reason: string }

export interface Failure {
  readonly kind: 'failed'
  readonly check: CheckId
  /** `Kind namespace/name`, or a path of the store. */
  readonly subject: string
  /** What beyond the words of the table. */
  readonly detail: string
  /** A command that mends it or shows more, where there is one. */
  readonly command?: string
}

export const passed = (check: CheckId, detail?: string): Result =>
  detail === undefined ? { kind: 'passed', check } : { kind: 'passed', check, detail }

export const skipped = (check: CheckId, reason: string): Result => ({
  kind: 'skipped',
  check,
  reason,
})

export function failed(check: CheckId, failure: Omit<Failure, 'kind' | 'check'>): Failure {
  return { kind: 'failed', check, ...failure }
}

/** All failures of one check, or that it passed. */
export function judge(check: CheckId, failures: readonly Failure[]): readonly Result[] {
  return failures.length === 0 ? [passed(check)] : failures
}

/** Where a permission is missing or an object cannot be had, the checks are not examined, and the reason says which. */
export async function attempt(
  checks: readonly CheckId[],
  work: () => Promise<readonly Result[]>,
): Promise<readonly Result[]> {
  try {
    return await work()
  } catch (thrown) {
    if (!(thrown instanceof AppError) || thrown.code === 'kubernetes_unreachable') throw thrown
    return checks.map((check) => skipped(check, thrown.message))
  }
}
