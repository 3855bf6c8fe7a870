/** Repeats what found the store unable to answer, as Vault's own client does. */
import type { Clock } from '../clock.ts'
import { AppError } from '../errors.ts'
import type { Exchange, RawExchange, RawRequest } from '../http/exchange.ts'
import { parseRetryAfter } from '../http/retry-after.ts'

export interface RetryOptions {
  /** Tries after the first. */
  readonly retries: number
  readonly clock: Clock
}

/** A store that asks for a longer pause is passed on as it answered: whoever waits would have gone by then. */
const longestPauseMs = 60_000

/**
 * `exchange`, tried again after 412, 429, 5xx but 501, and where the store was not reached. What may have been done is done
 * again only for GET and HEAD. The last answer or error is the result. Source: api/client.go of Vault: pauses of 1–1.5 s, growing
 * linearly, `Retry-After` obeyed.
 */
export function withRetries(exchange: Exchange, { retries, clock }: RetryOptions): Exchange {
  return async (request, signal) => {
    for (let tried = 1; ; tried++) {
      const outcome = await attempt(exchange, request, signal)
      const pauseMs = pauseAfter(outcome, request, clock)
      const last = tried > retries || pauseMs === undefined || signal?.aborted === true
      if (last) return settle(outcome)
      await clock.sleep(Math.max(pauseMs, tried * (1000 + 500 * clock.chance())), signal)
    }
  }
}

type Outcome =
  | { readonly kind: 'answer'; readonly answer: RawExchange }
  | { readonly kind: 'error'; readonly error: unknown }

async function attempt(
  exchange: Exchange,
  request: RawRequest,
  signal: AbortSignal | undefined,
): Promise<Outcome> {
  try {
    return { kind: 'answer', answer: await exchange(request, signal) }
  } catch (error) {
    return { kind: 'error', error }
  }
}

function settle(outcome: Outcome): RawExchange {
  if (outcome.kind === 'error') throw outcome.error
  return outcome.answer
}

/** The shortest pause that is due, undefined where another try is no use. */
function pauseAfter(outcome: Outcome, { method }: RawRequest, clock: Clock): number | undefined {
  if (outcome.kind === 'error') {
    const { error } = outcome
    if (!(error instanceof AppError) || error.code !== 'store_unreachable') return undefined
    return isSafe(method) || neverSent.has(error.facts['cause']) ? 0 : undefined
  }
  const { status, headers } = outcome.answer
  if (status !== 412 && status !== 429 && (status < 500 || status === 501)) return undefined
  const askedMs = parseRetryAfter(headers['retry-after'], clock.now()) ?? 0
  return askedMs > longestPauseMs ? undefined : askedMs
}

function isSafe(method: string): boolean {
  return method === 'GET' || method === 'HEAD'
}

const neverSent = new Set<unknown>([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'ENOENT',
])
