/** Trimming of byte strings without touching what is not UTF-8. Source: Go's strings.TrimSpace. */

import { runesOf } from './byte-string.ts'

/** The white space of Unicode in UTF-8. */
const space =
  '(?:[\\t-\\r ]|\\xc2[\\x85\\xa0]|\\xe1\\x9a\\x80|\\xe2\\x80[\\x80-\\x8a\\xa8\\xa9\\xaf]|\\xe2\\x81\\x9f|\\xe3\\x80\\x80)'
const leading = new RegExp(`^${space}+`)
const last = new RegExp(`${space}$`)
const longestSpace = 3

export function trimSpace(text: string): string {
  const start = leading.exec(text)?.[0].length ?? 0
  let end = text.length
  while (end > start) {
    const found = last.exec(text.slice(Math.max(start, end - longestSpace), end))
    if (found === null) break
    end -= found[0].length
  }
  return text.slice(start, end)
}

/** Takes the runes of `cutset` off both ends. Source: Go's strings.Trim. */
export function trimRunes(text: string, cutset: string): string {
  const cut = new Set(Array.from(runesOf(cutset), ({ rune }) => rune))
  const runes = [...runesOf(text)]
  const first = runes.findIndex(({ rune }) => !cut.has(rune))
  const last = runes.findLastIndex(({ rune }) => !cut.has(rune))
  return first < 0
    ? ''
    : runes
        .slice(first, last + 1)
        .map(({ bytes }) => bytes)
        .join('')
}
