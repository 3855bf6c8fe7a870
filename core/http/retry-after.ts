/** The Retry-After header. */

/** A store that asks for more is asked again after this all the same. */
const longestMs = 999_999_000

/** Milliseconds from `now` of either form, delta-seconds or HTTP date; undefined for anything else. Source: RFC 9110 §10.2.3. */
export function parseRetryAfter(header: string | undefined, now: number): number | undefined {
  if (header === undefined) return undefined
  if (/^\d{1,6}$/.test(header)) return Number(header) * 1000
  if (!/^[A-Z][a-z]+,? /.test(header)) return undefined
  const at = Date.parse(header)
  return Number.isNaN(at) ? undefined : Math.min(longestMs, Math.max(0, at - now))
}
