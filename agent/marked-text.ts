/** Texts whose times are told from the moment of asking. Source: docs/waiter.md, "The status file". */
import { formatPoint, formatSpan } from './time-text.ts'

/** No other text of a status has these: see `withoutMarks`. */
const [begin, end] = ['\x01', '\x02']
const pattern = new RegExp(`${begin}([ap]) (\\d+)${end}( ?)`, 'g')

/** So wide is a time that a space follows. */
const width = 11

/** How long ago that was: `90s`, `2h5m`. */
export function markAge(at: number): string {
  return mark('a', at)
}

/** When that is or was: `in 5m`, `now`, `2h ago`; `never` for undefined. */
export function markPoint(at: number | undefined): string {
  return at === undefined ? 'never' : mark('p', at)
}

function mark(kind: 'a' | 'p', at: number): string {
  return `${begin}${kind} ${Math.max(0, Math.round(at))}${end}`
}

/** Characters of a text on the screen, where a space follows it. */
export function widthOf(marked: string): number {
  return marked.replace(pattern, ' '.repeat(width)).length
}

/** A text from outside, without characters that would be taken for marks or move the cursor. */
export function withoutMarks(text: string): string {
  return text.replace(/\p{Cc}/gu, '?')
}

export function expandMarks(marked: string, now: number): string {
  const expand = (_: string, kind: string, digits: string, space: string) => {
    const at = Number(digits)
    const text = kind === 'a' ? formatSpan(now - at) : formatPoint(at, now)
    return space === '' ? text : text.padEnd(width) + space
  }
  const lines = marked.split('\n').map((line) => line.replace(pattern, expand).trimEnd())
  return lines.join('\n')
}
