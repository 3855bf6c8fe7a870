/** When to try again what failed. */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { AppError, ErrorCode } from '../../core/errors.ts'
import type { Moment } from './session.ts'
import type { Failure } from './state.ts'

/** Source: Vault Agent's sinks, 2 s and no longer. */
export const sinkBackoff: Backoff = { minMs: 2000, maxMs: 60_000 }

export const commandBackoff: Backoff = { minMs: 1000, maxMs: 60_000 }

export interface Attempt {
  readonly error: AppError
  readonly backoff: Backoff
  /** Requests beyond the first that make one attempt while the store cannot answer. Default 0. */
  readonly httpRetries?: number
  /** That the secret does not exist is nothing that went wrong. Default false. */
  readonly isAbsence?: boolean
}

/** A store that says how long to wait (Retry-After) is not asked earlier, nor by everybody at once: up to half as long again later. */
function askedPauseMs({ facts }: AppError, chance: number): number {
  const askedMs = Number(facts['retryAfterMs'] ?? 0)
  return Math.round(askedMs + Math.min(0.5 * askedMs, longestSpreadMs) * chance)
}

const longestSpreadMs = 300_000

/** One failure more. */
export function fail(
  previous: Failure | undefined,
  attempt: Attempt,
  { now, chance }: Moment,
): Failure {
  const { error, backoff, httpRetries = 0, isAbsence = false } = attempt
  const isTemporary = httpRetries > 0 && isAskedAgain(error)
  const failure = {
    count: (previous?.count ?? 0) + 1,
    temporary: (previous?.temporary ?? 0) + (isTemporary ? 1 : 0),
    absences: (previous?.absences ?? 0) + (isAbsence ? 1 : 0),
    code: error.code,
  }
  const place = failure.temporary % (httpRetries + 1)
  const isWithin = isTemporary && place > 0
  const pauseMs = isWithin
    ? Math.round(1000 * place * (0.75 + 0.5 * chance))
    : backoffMs(backoff, Math.max(1, Math.floor(pausesMade(failure, httpRetries))), chance)
  return { ...failure, retryAt: now + Math.max(askedPauseMs(error, chance), pauseMs) }
}

/**
 * How many attempts a failure stands for. Source: Vault's own client asks a store that cannot answer `VAULT_MAX_RETRIES`
 * times again before its caller counts one attempt; a refusal is an attempt by itself.
 */
export function attemptsMade(failure: Counts, httpRetries: number): number {
  return pausesMade(failure, httpRetries) - failure.absences
}

type Counts = Pick<Failure, 'count' | 'temporary' | 'absences'>

function pausesMade({ count, temporary: unanswered }: Counts, httpRetries: number): number {
  return count - unanswered + unanswered / (httpRetries + 1)
}

/** True while a failed attempt must not be repeated yet. */
export function resting(failure: Failure | undefined, now: number): boolean {
  return failure !== undefined && failure.retryAt > now
}

/** Whether Vault's client itself would ask again: connection errors, 412, 429 and 5xx but 501, and never when its time is over. */
function isAskedAgain({ code, facts }: AppError): boolean {
  return temporary.has(code) && facts['status'] !== 501 && facts['cause'] !== 'ETIMEDOUT'
}

const temporary = new Set<ErrorCode>(['store_unreachable', 'store_busy'])
