/** How long a request may take, so that the client hears from us before it gives up. */
import { parseDuration } from '../../core/duration.ts'

/** A body that takes longer comes from no API server. */
const longestMs = 2_000
const shortestMs = 100
/** What the answer needs to get back. */
const marginMs = 250

/** From the `timeout` that the API server puts into the URL, such as `/mutate?timeout=5s`. */
export function readDeadline(url: string): number {
  const query = url.slice(url.indexOf('?') + 1)
  const text = url.includes('?') ? new URLSearchParams(query).get('timeout') : null
  const timeout = parseDuration(text ?? '', '')
  if (timeout.kind !== 'ok') return longestMs
  return Math.min(longestMs, Math.max(shortestMs, timeout.value - marginMs))
}
