/** A token bucket: so many requests a second, and so many at once after a pause. */
import type { Clock } from '../clock.ts'

export interface RateLimit {
  readonly perSecond: number
  readonly burst: number
}

/** Each call resolves when it is that caller's turn, in the order of the calls. Source: Vault's `VAULT_RATE_LIMIT`, `rate[:burst]`. */
export function createRateLimit(
  { perSecond, burst }: RateLimit,
  clock: Clock,
): () => Promise<void> {
  let tokens = burst
  let filledAt = clock.now()
  return async () => {
    const now = clock.now()
    // A clock that was set back adds nothing.
    tokens = Math.min(burst, tokens + (Math.max(0, now - filledAt) * perSecond) / 1000)
    filledAt = now
    tokens -= 1
    if (tokens < 0) await clock.sleep((-tokens * 1000) / perSecond)
  }
}
