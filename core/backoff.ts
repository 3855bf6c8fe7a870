/** Exponential backoff with jitter above a floor; pure, chance comes in as an argument. */

export interface Backoff {
  readonly minMs: number
  readonly maxMs: number
}

/** Pauses that pods that failed together still have in common when it matters, milliseconds. */
const longPauseMs = 8_000

/**
 * Milliseconds to wait after failure number `failures` (1 for the first): doubled each time from `minMs` to `maxMs`, then
 * less up to a quarter of it by `chance` in [0, 1), of 8 s and more up to three fifths: the tries of pods that failed together then
 * fill the time between two doublings, without waves. Source: Vault Agent's auto-auth backoff (1 s doubling to 5 min, up to 25 %
 * taken off); docs/decisions/0020-herds.md.
 */
export function backoffMs({ minMs, maxMs }: Backoff, failures: number, chance: number): number {
  const ceiling = Math.min(maxMs, minMs * 2 ** Math.min(failures - 1, 30))
  const spread = ceiling < longPauseMs ? 0.25 : 0.6
  return Math.round(ceiling * (1 - spread * chance))
}
