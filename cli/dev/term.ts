/** How long something granted lasts, and how renewals extend it: the same for tokens and leases. */

/** Instants in milliseconds since the epoch, lengths in seconds. */
export interface Term {
  readonly issuedAt: number
  readonly expiresAt: number
  /** What a renewal without a wish of its own gives. */
  readonly ttl: number
  /** Counted from `issuedAt`; infinite without one. */
  readonly maxTtl: number
}

/** The term that ends `increment` seconds (0: its `ttl`) after `now`, but never after its maximum; warnings in Vault's words. */
export function extendTerm(
  term: Term,
  increment: number,
  now: number,
): { readonly term: Term; readonly warnings: readonly string[] } {
  const wanted = increment > 0 ? increment : term.ttl
  const left = Math.round((term.issuedAt + term.maxTtl * 1000 - now) / 1000)
  const granted = Math.min(wanted, left)
  const warning = `TTL of "${wanted}s" exceeded the effective max_ttl of "${left}s"; TTL value is capped accordingly`
  return {
    term: { ...term, expiresAt: now + granted * 1000 },
    warnings: wanted > left ? [warning] : [],
  }
}
