/** A measure as horizontal bars: SVG that is read in light and in dark, and aloud. */
import { contenders } from './contenders.ts'
import { formatFigure, formatNumber } from './numbers.ts'
import type { Figure, Measure, Point } from './results.ts'

const width = 760
const barHeight = 18
const barGap = 4
const pointGap = 16
const labelWidth = 190
const figureWidth = 170
const top = 46
const plotWidth = width - labelWidth - figureWidth

/** Bars stand for medians, the lines across their ends for the span of all measurements. */
export function drawBars(measure: Measure): string {
  const points = measure.points.filter(({ figures }) => figures.length > 0)
  const scale = chooseScale(points)
  const drawn: string[] = []
  let y = top
  for (const point of points) {
    if (point.label !== '') {
      drawn.push(text({ x: 0, y: y + 13, kind: 'point' }, point.label))
      y += barHeight + barGap
    }
    for (const figure of point.figures) {
      drawn.push(drawBar(figure, y, scale))
      y += barHeight + barGap
    }
    y += pointGap
  }
  const heading = `${measure.title}, ${measure.unit}${scale.logarithmic ? ', logarithmic scale' : ''}`
  const height = y
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-labelledby="title description">
<title id="title">${escapeText(heading)}</title>
<desc id="description">${escapeText(describe(measure.unit, points))}</desc>
<style>
${styles(points)}
</style>
${text({ x: 0, y: 18, kind: 'heading' }, heading)}
${drawn.join('\n')}
</svg>
`
}

interface Scale {
  readonly logarithmic: boolean
  /** Pixels from the left end of the bars. */
  readonly place: (value: number) => number
}

/** Logarithmic where linear bars of the smaller figures would be no more than a line. */
function chooseScale(points: readonly Point[]): Scale {
  const figures = points.flatMap((point) => point.figures)
  const largest = Math.max(...figures.map(({ max }) => max))
  const smallest = Math.min(...figures.map(({ median }) => median))
  const logarithmic = smallest > 0 && largest / smallest > 50
  const floor = 10 ** Math.floor(Math.log10(smallest / 2))
  const part = (value: number) =>
    logarithmic
      ? Math.log(Math.max(value, floor) / floor) / Math.log(largest / floor)
      : value / largest
  return { logarithmic, place: (value) => (largest > 0 ? part(value) * plotWidth : 0) }
}

function drawBar(figure: Figure, y: number, { place }: Scale): string {
  const [start, end] = [labelWidth + place(figure.min), labelWidth + place(figure.max)]
  const middle = y + barHeight / 2
  const span =
    end - start < 1
      ? ''
      : `<path class="span" d="M${round(start)} ${middle}H${round(end)}M${round(start)} ${middle - 4}v8M${round(end)} ${middle - 4}v8"/>`
  const length = Math.max(1, place(figure.median))
  const { name } = contenders[figure.contender]
  return [
    text({ x: labelWidth - 8, y: y + 13, kind: 'name' }, name),
    `<rect class="${figure.contender}" x="${labelWidth}" y="${y}" width="${round(length)}" height="${barHeight}"/>`,
    span,
    text(
      { x: Math.max(end, labelWidth + length) + 8, y: y + 13, kind: 'figure' },
      formatFigure(figure),
    ),
  ]
    .filter((line) => line !== '')
    .join('\n')
}

function text(
  at: { readonly x: number; readonly y: number; readonly kind: string },
  words: string,
): string {
  return `<text class="${at.kind}" x="${round(at.x)}" y="${at.y}">${escapeText(words)}</text>`
}

/** What somebody hears who does not see the bars. */
function describe(unit: string, points: readonly Point[]): string {
  return points
    .map(({ label, figures }) => {
      const told = figures.map(
        ({ contender, median }) => `${contenders[contender].name} ${formatNumber(median)} ${unit}`,
      )
      return `${label === '' ? '' : `${label}: `}${told.join(', ')}.`
    })
    .join(' ')
}

function styles(points: readonly Point[]): string {
  const used = new Set(points.flatMap(({ figures }) => figures.map(({ contender }) => contender)))
  const fills = (side: 0 | 1) =>
    Array.from(
      used,
      (contender) => `.${contender} { fill: ${contenders[contender].colours[side]} }`,
    )
  return [
    'text { font: 12px system-ui, sans-serif; fill: #1f2937 }',
    '.heading { font-size: 14px; font-weight: 600 }',
    '.point { font-weight: 600 }',
    '.name { text-anchor: end }',
    '.span { stroke: #1f2937; fill: none }',
    ...fills(0),
    '@media (prefers-color-scheme: dark) {',
    'text { fill: #e5e7eb }',
    '.span { stroke: #e5e7eb }',
    ...fills(1),
    '}',
  ].join('\n')
}

function round(value: number): string {
  return String(Math.round(value * 10) / 10)
}

function escapeText(words: string): string {
  return words.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;')
}
