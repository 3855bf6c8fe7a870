/** What Go says of a text that is no RFC 3339 time. */

const layout = '2006-01-02T15:04:05Z07:00'

/** What is expected in order: a pattern, how the layout spells it, and for numbers the largest one and its name. */
const elements: readonly {
  readonly pattern: RegExp
  readonly spelling: string
  readonly range?: { readonly name: string; readonly least: number; readonly most: number }
}[] = [
  { pattern: /^\d{4}/, spelling: '2006' },
  { pattern: /^-/, spelling: '-' },
  { pattern: /^\d{2}/, spelling: '01', range: { name: 'month', least: 1, most: 12 } },
  { pattern: /^-/, spelling: '-' },
  { pattern: /^\d{2}/, spelling: '02' },
  { pattern: /^T/, spelling: 'T' },
  { pattern: /^\d{1,2}/, spelling: '15', range: { name: 'hour', least: 0, most: 23 } },
  { pattern: /^:/, spelling: ':' },
  { pattern: /^\d{2}/, spelling: '04', range: { name: 'minute', least: 0, most: 59 } },
  { pattern: /^:/, spelling: ':' },
  { pattern: /^\d{2}(?:[.,]\d+)?/, spelling: '05', range: { name: 'second', least: 0, most: 59 } },
  { pattern: /^(?:Z|[+-]\d{2}:\d{2})/, spelling: 'Z07:00' },
]

/** Undefined for a time. Source: Go, time.Parse. */
export function describeTime(text: string): string | undefined {
  let rest = text
  for (const { pattern, spelling, range } of elements) {
    const found = pattern.exec(rest)?.[0]
    if (found === undefined) {
      return `parsing time ${JSON.stringify(text)} as ${JSON.stringify(layout)}: cannot parse ${JSON.stringify(rest)} as ${JSON.stringify(spelling)}`
    }
    const number = Number.parseInt(found, 10)
    if (range !== undefined && (number < range.least || number > range.most)) {
      return `parsing time ${JSON.stringify(text)}: ${range.name} out of range`
    }
    rest = rest.slice(found.length)
  }
  if (rest !== '')
    return `parsing time ${JSON.stringify(text)}: extra text: ${JSON.stringify(rest)}`
  const [year = 0, month = 0, day = 0] = text.slice(0, 10).split('-').map(Number)
  const days = new Date(Date.UTC(year, month, 0)).getUTCDate()
  return day < 1 || day > days
    ? `parsing time ${JSON.stringify(text)}: day out of range`
    : undefined
}
