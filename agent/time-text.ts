/** Times as people read them: two units at most. */

/** `in 5m`, `2h ago`, `never`. */
export function formatPoint(at: number | undefined, now: number): string {
  if (at === undefined) return 'never'
  return at > now
    ? `in ${formatSpan(at - now)}`
    : at > now - 1000
      ? 'now'
      : `${formatSpan(now - at)} ago`
}

/** `3d4h`, `2h5m`, `90s`: the two largest units. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const
  const first = units.findIndex(([, size]) => seconds >= size)
  if (first === -1) return '0s'
  let left = seconds
  const parts = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? '' : `${count}${name}`
  })
  return parts.join('')
}
