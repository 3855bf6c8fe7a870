/** Rendering beside consul-template's own engine: typical templates, and ones of 1 KB to 1 MB. */
import type { Bench } from '../measure/bench.ts'
import { measureLoading } from '../measure/loading.ts'
import { type Rendering, renderOurs, renderTheirs } from '../measure/rendering.ts'
import { growTemplate, type TemplateCase, typicalTemplates } from '../measure/template-cases.ts'
import type { Contender } from '../report/contenders.ts'
import { type Findings, type Point, pointOf } from '../report/results.ts'

const sizes = [
  ['1 KB', 1e3],
  ['10 KB', 1e4],
  ['100 KB', 1e5],
  ['1 MB', 1e6],
] as const

export async function benchTemplates(bench: Bench): Promise<Findings> {
  const points = (read: (one: Rendering) => number, parsesAnew: boolean) =>
    measureInTurns(bench, typicalTemplates, { read, parsesAnew })
  const loading = await measureLoading(bench.root, 5 * bench.rounds)
  return {
    method: `Renderings per second of processor time, one KV version 2 secret, ${describeTurns(bench)}. Ours is parsed once, as in an agent that stays; consul-template parses anew with every rendering. Outputs are compared byte for byte. Loading: the engine's bundle in a new process of Node.`,
    notes: missingRenderer(bench),
    measures: [
      {
        name: 'renderings',
        title: 'Renderings',
        unit: '/s',
        points: points((one) => 1000 / one.processorMs, false),
      },
      {
        name: 'loading',
        title: 'Processor time of the engine',
        unit: 'ms',
        points: Array.from(loading, ([label, times]) =>
          pointOf(label, new Map([['claviger', times]])),
        ),
      },
    ],
  }
}

export async function benchTemplateSizes(bench: Bench): Promise<Findings> {
  const cases = sizes.map(([label, bytes]) => growTemplate(label, bytes))
  const read = ({ processorMs }: Rendering) => processorMs
  const points = (parsesAnew: boolean) => measureInTurns(bench, cases, { read, parsesAnew })
  return {
    method: `Processor time of one rendering of a configuration file whose every line has five actions, ${describeTurns(bench)}. consul-template parses with every rendering, ours in an agent that stays only once.`,
    notes: missingRenderer(bench),
    measures: [
      { name: 'render', title: 'Rendering', unit: 'ms', points: points(false) },
      { name: 'parse', title: 'Parsing and rendering', unit: 'ms', points: points(true) },
    ],
  }
}

/** Of each rendering, so that a whole run of many templates stays short. */
function secondsOf({ seconds }: Bench): number {
  return seconds / 10
}

function measureInTurns(
  bench: Bench,
  cases: readonly TemplateCase[],
  { read, parsesAnew }: { readonly read: (one: Rendering) => number; readonly parsesAnew: boolean },
): readonly Point[] {
  const { renderer } = bench.programs
  const seconds = secondsOf(bench)
  const rounds = Array.from({ length: bench.rounds }, () => {
    const theirs = renderer === undefined ? [] : renderTheirs(renderer, cases, seconds)
    const ours = cases.map((one) => renderOurs(one, seconds, parsesAnew))
    const other = cases.find((_, at) => theirs[at] && theirs[at].output !== ours[at]?.output)
    if (other !== undefined) throw new Error(`the outputs of the template ${other.label} differ`)
    return { ours, theirs }
  })
  const series = (of: (round: (typeof rounds)[number]) => readonly Rendering[], at: number) =>
    rounds.flatMap((round) => of(round)[at] ?? []).map(read)
  return cases.map(({ label }, at) => {
    const figures: readonly (readonly [Contender, readonly number[]])[] = [
      ['claviger', series(({ ours }) => ours, at)],
      ['consulTemplate', series(({ theirs }) => theirs, at)],
    ]
    return pointOf(label, new Map(figures))
  })
}

function describeTurns(bench: Bench): string {
  return `${bench.rounds} interleaved rounds of ${secondsOf(bench)} s each`
}

function missingRenderer({ programs }: Bench): readonly string[] {
  return programs.missing.filter((note) => note.includes('engine'))
}
