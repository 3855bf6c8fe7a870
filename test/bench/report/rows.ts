/** A section as a table: a row for each measure and size, a column for each contender. */
import { beside } from './budgets.ts'
import { type Contender, contenderOrder, contenders } from './contenders.ts'
import { formatFigure, formatNumber } from './numbers.ts'
import type { Figure, Measure, Point, Section } from './results.ts'

/** The heading first. Ours have their ratio to the peer behind them. */
export function listRows(section: Section): readonly (readonly string[])[] {
  const columns = contendersOf(section.measures)
  const rows = section.measures.flatMap((measure) =>
    measure.points.map((point, at) => [
      title(measure, point),
      ...columns.map((contender) => cell(point, contender)),
      at === 0 ? promised(section, measure) : '',
    ]),
  )
  const last = rows.some((row) => row.at(-1) !== '') ? ['budget; earlier'] : []
  const heading = ['', ...columns.map((contender) => contenders[contender].name), ...last]
  return [heading, ...rows.map((row) => row.slice(0, heading.length))]
}

/** Those that have any figure, in the order of their table. */
export function contendersOf(measures: readonly Measure[]): readonly Contender[] {
  const points = measures.flatMap((measure) => measure.points)
  const seen = new Set(points.flatMap(({ figures }) => figures.map(({ contender }) => contender)))
  return contenderOrder.filter((contender) => seen.has(contender))
}

function title(measure: Measure, point: Point): string {
  const label = point.label === '' ? '' : `, ${point.label}`
  return `${measure.title}${label} (${measure.unit})`
}

function cell({ figures }: Point, contender: Contender): string {
  const own = figures.find((figure) => figure.contender === contender)
  if (own === undefined) return '–'
  const ratio = contenders[contender].kind === 'ours' ? ratioToPeer(own, figures) : undefined
  return ratio === undefined ? formatFigure(own) : `${formatFigure(own)}, ${formatNumber(ratio)} ×`
}

/** Of the medians, to the first peer of the table that was measured. */
function ratioToPeer(own: Figure, figures: readonly Figure[]): number | undefined {
  const peer = contenderOrder
    .filter((contender) => contenders[contender].kind === 'peer')
    .map((contender) => figures.find((figure) => figure.contender === contender))
    .find((figure) => figure !== undefined)
  return peer === undefined || peer.median === 0 ? undefined : own.median / peer.median
}

function promised(section: Section, measure: Measure): string {
  const { budget = '', stock = '' } = beside[`${section.name}/${measure.name}`] ?? {}
  return [budget, stock].filter((text) => text !== '').join('; ')
}
