/** Exponential backoff with full jitter above a floor; pure, chance comes in as an argument. */

export interface Backoff {
  readonly minMs: number
  readonly maxMs: number
}

/**
 * Milliseconds to wait after failure number `failures` (1 for the first): doubled each time from `minMs` to `maxMs`, then
 * spread over 75–100 % by `chance` in [0, 1) so that many pods do not return together.
 * Source: Vault Agent's auto-auth backoff (1 s doubling to 5 min, up to 25 % taken off).
 */
export function backoffMs({ minMs, maxMs }: Backoff, failures: number, chance: number): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30))
  return Math.round(ceiling * (1 - 0.25 * chance))
}
