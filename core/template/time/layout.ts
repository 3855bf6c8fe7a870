/** Go's time layouts, which spell times after an example: `2006-01-02T15:04:05Z07:00`. Source: Go's time/format.go. */

/** An element of a layout, or text between two. */
export interface LayoutPart {
  readonly kind: 'element' | 'text'
  readonly text: string
}

const elements =
  /January|Jan(?![a-z])|Monday|Mon(?![a-z])|MST|002|0[1-6]|15|1|2006|__2|_2(?!006)|2|3|4|5|PM|pm|[-Z](?:07:00:00|070000|07:00|0700|07)|[.,](?:0+|9+)(?![0-9])/g

export function splitLayout(layout: string): readonly LayoutPart[] {
  const parts: LayoutPart[] = []
  let end = 0
  for (const { 0: text, index } of layout.matchAll(elements)) {
    if (index > end) parts.push({ kind: 'text', text: layout.slice(end, index) })
    parts.push({ kind: 'element', text })
    end = index + text.length
  }
  if (end < layout.length) parts.push({ kind: 'text', text: layout.slice(end) })
  return parts
}

export const rfc3339 = '2006-01-02T15:04:05Z07:00'
export const rfc3339Nano = '2006-01-02T15:04:05.999999999Z07:00'
/** How Go prints a time. */
export const printedLayout = '2006-01-02 15:04:05.999999999 -0700 MST'

export const monthNames =
  'January February March April May June July August September October November December'.split(' ')
export const weekdayNames = 'Sunday Monday Tuesday Wednesday Thursday Friday Saturday'.split(' ')
