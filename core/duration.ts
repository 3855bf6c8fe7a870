/** Go's durations as Vault's configuration writes them. */
import type { Issue, Parsed } from './issue.ts'

const unitMs = new Map([
  ['ns', 1e-6],
  ['us', 1e-3],
  ['\u00b5s', 1e-3],
  ['ms', 1],
  ['s', 1000],
  ['m', 60_000],
  ['h', 3_600_000],
  ['d', 86_400_000],
])

const whole = /^\d+$/
const part = /(\d+(?:\.\d*)?|\.\d+)(ns|us|\u00b5s|ms|s|m|h|d)/y

export const durationExpected = 'a duration such as "90s", "5m", "1h30m" or a number of seconds'

/**
 * Milliseconds of `5m`, `1h30m`, `250ms`, `1d`, or of a bare number of seconds; not negative.
 * Source: Go's time.ParseDuration with the day suffix and bare seconds of Vault's parseutil.
 */
export function parseDuration(text: string, path: string): Parsed<number> {
  const trimmed = text.trim()
  const ms = whole.test(trimmed) ? Number(trimmed) * 1000 : sumParts(trimmed)
  if (ms !== undefined && Number.isFinite(ms)) return { kind: 'ok', value: ms }
  const issue: Issue = {
    code: 'duration',
    path,
    expected: durationExpected,
    got: trimmed.slice(0, 40),
  }
  return { kind: 'issues', issues: [issue] }
}

function sumParts(text: string): number | undefined {
  if (text === '') return undefined
  let total = 0
  part.lastIndex = 0
  while (part.lastIndex < text.length) {
    const match = part.exec(text)
    if (match === null) return undefined
    total += Number(match[1]) * (unitMs.get(match[2] ?? '') ?? Number.NaN)
  }
  return total
}
