/** Flags that take one of a few words. */
import type { Issue } from '../core/issue.ts'
import { findNearest } from '../core/nearest.ts'

/** The issue of a word that is none of `choices`. */
export function describeChoice(path: string, given: string, choices: readonly string[]): Issue {
  const meant = findNearest(given.toLowerCase(), choices)
  return {
    code: 'flag',
    path,
    expected: `one of ${choices.join(', ')}`,
    got: given.slice(0, 20),
    ...(meant === undefined ? {} : { hint: `did you mean ${meant}?` }),
  }
}
