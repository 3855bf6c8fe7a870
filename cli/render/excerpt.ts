/** A line of a template with a caret under a column. */
import { fromByteString } from '../../core/template/byte-string.ts'

export interface ExcerptPlace {
  /** From 1. */
  readonly line: number
  /** From 1, in bytes; the whole line is meant where there is none. */
  readonly column?: number | undefined
}

/** Two lines, each ending in a line break; `text` is the template as byte string, which is its author's own. */
export function formatExcerpt(text: string, { line, column }: ExcerptPlace): string {
  const written = text.split('\n')[line - 1] ?? ''
  const number = String(line)
  const shown = fromByteString(written).replace(/\r$/, '')
  const source = `${number} | ${shown}\n`
  if (column === undefined) return source
  const before = fromByteString(written.slice(0, column - 1))
  // Tabs stay, so that the caret stands where the terminal shows the column.
  const space = before.replace(/[^\t]/g, ' ')
  return `${source}${' '.repeat(number.length)} | ${space}^\n`
}
