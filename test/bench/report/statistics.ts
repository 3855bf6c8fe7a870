/** The figures that a series of measurements is told by. */

export interface Summary {
  readonly min: number
  readonly median: number
  readonly max: number
  /** Of the measurements. */
  readonly count: number
}

/** Measurements that could not be taken are left out; undefined where none is left. */
export function summarize(values: readonly (number | undefined)[]): Summary | undefined {
  const sorted = values
    .filter((value) => value !== undefined)
    .toSorted((left, right) => left - right)
  const at = (part: number) => sorted[Math.round((sorted.length - 1) * part)]
  const [min, median, max] = [at(0), at(0.5), at(1)]
  if (min === undefined || median === undefined || max === undefined) return undefined
  return { min, median, max, count: sorted.length }
}
