/** The known spelling closest to a mistyped one. */

/** The candidate at most `limit` edits away from `word`, or undefined; the first of equally near ones wins. */
export function findNearest(
  word: string,
  candidates: Iterable<string>,
  limit = 2,
): string | undefined {
  let nearest: string | undefined
  let least = limit + 1
  for (const candidate of candidates) {
    const distance = countEdits(word, candidate, least)
    if (distance >= least) continue
    nearest = candidate
    least = distance
  }
  return nearest
}

/** Levenshtein's distance; what reaches `bound` may be reported as `bound` or more. */
export function countEdits(left: string, right: string, bound: number): number {
  if (Math.abs(left.length - right.length) >= bound) return bound
  let previous = Array.from({ length: right.length + 1 }, (_, column) => column)
  for (let row = 1; row <= left.length; row++) {
    const current = [row]
    for (let column = 1; column <= right.length; column++) {
      const substitution = left[row - 1] === right[column - 1] ? 0 : 1
      current.push(
        Math.min(
          (previous[column] ?? 0) + 1,
          (current[column - 1] ?? 0) + 1,
          (previous[column - 1] ?? 0) + substitution,
        ),
      )
    }
    previous = current
  }
  return previous[right.length] ?? 0
}
