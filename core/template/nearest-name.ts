/** The name that a misspelt one was meant to be. */
import { countEdits } from '../nearest.ts'

/** Letter case aside at most two edits away, and fewer than the name is long; the nearest. */
export function nearestName(word: string, names: Iterable<string>): string | undefined {
  const limit = Math.min(3, word.length)
  const near = Array.from(names, (name) => {
    const distance = countEdits(name.toLowerCase(), word.toLowerCase(), limit)
    return { name, distance }
  }).filter(({ distance }) => distance < limit)
  return near.toSorted((left, right) => left.distance - right.distance)[0]?.name
}
