/** What a run has found, as docs/benchmarks.json keeps it. */
import type { Contender } from './contenders.ts'
import { type Summary, summarize } from './statistics.ts'

export interface Results {
  readonly version: 1
  readonly sections: readonly Section[]
}

export interface Section extends Findings {
  readonly name: string
  readonly title: string
  readonly machine: Machine
}

export interface Findings {
  /** How it was measured: Markdown, one paragraph. */
  readonly method: string
  /** What is left out, and how to have it. */
  readonly notes: readonly string[]
  readonly measures: readonly Measure[]
}

export interface Measure {
  /** Unique in its section; part of its chart's file name. */
  readonly name: string
  readonly title: string
  readonly unit: string
  /** One without a label, or one for each size that was tried. */
  readonly points: readonly Point[]
}

export interface Point {
  readonly label: string
  readonly figures: readonly Figure[]
}

export interface Figure extends Summary {
  readonly contender: Contender
}

/** Where and when a section was measured. */
export interface Machine {
  /** ISO 8601, when the section began. */
  readonly taken: string
  /** Of the last minute before the run, by which one knows a machine that had other things to do. */
  readonly load: number
  readonly cores: number
  readonly processor: string
  readonly memoryGib: number
  readonly kernel: string
  /** Names and versions of what was run. */
  readonly programs: Readonly<Record<string, string>>
}

/** The figures of one point; contenders without a measurement are left out. */
export function pointOf(
  label: string,
  series: ReadonlyMap<Contender, readonly (number | undefined)[]>,
): Point {
  const figures = Array.from(series).flatMap(([contender, values]) => {
    const summary = summarize(values)
    return summary === undefined ? [] : [{ contender, ...summary }]
  })
  return { label, figures }
}

/** With the sections of `fresh` in place of those of the same names, in the order of `names`. */
export function mergeResults(
  kept: Results,
  fresh: readonly Section[],
  names: readonly string[],
): Results {
  const find = (name: string) =>
    [...fresh, ...kept.sections].find((section) => section.name === name)
  return { version: 1, sections: names.flatMap((name) => find(name) ?? []) }
}
