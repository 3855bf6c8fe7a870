/** The Retry-After header. */

/** Milliseconds of the delta-seconds form, undefined for anything else (RFC 9110 §10.2.3; Vault sends seconds). */
export function parseRetryAfter(header: string | undefined): number | undefined {
  return header !== undefined && /^\d{1,6}$/.test(header) ? Number(header) * 1000 : undefined
}
