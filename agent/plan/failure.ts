/** When to try again what failed. */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { AppError } from '../../core/errors.ts'
import type { Moment } from './session.ts'
import type { Failure } from './state.ts'

/** Source: the reads of Vault Agent's templates, 250 ms doubling to 1 min. */
export const readBackoff: Backoff = { minMs: 250, maxMs: 60_000 }

/** One failure more; a store that says how long to wait (Retry-After) is not asked earlier. */
export function fail(
  previous: Failure | undefined,
  attempt: { readonly error: AppError; readonly backoff: Backoff },
  { now, chance }: Moment,
): Failure {
  const count = (previous?.count ?? 0) + 1
  const askedMs = Number(attempt.error.facts['retryAfterMs'] ?? 0)
  const retryAt = now + Math.max(askedMs, backoffMs(attempt.backoff, count, chance))
  return { count, retryAt, code: attempt.error.code }
}

/** True while a failed attempt must not be repeated yet. */
export function resting(failure: Failure | undefined, now: number): boolean {
  return failure !== undefined && failure.retryAt > now
}
