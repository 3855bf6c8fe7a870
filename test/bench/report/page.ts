/** docs/benchmarks.md and its charts, out of the results alone. */
import { drawBars } from './bar-chart.ts'
import type { Machine, Measure, Results, Section } from './results.ts'
import { contendersOf, listRows } from './rows.ts'
import { formatMarkdownTable, formatTable } from './tables.ts'

/** What stands between the markers `<!-- figures -->` and `<!-- /figures -->`. */
export function renderFigures(results: Results): string {
  return results.sections.map(renderSection).join('\n\n')
}

/** By file name: a chart for each measure in which at least two are compared. */
export function drawCharts(results: Results): ReadonlyMap<string, string> {
  return new Map(
    results.sections.flatMap((section) =>
      section.measures
        .filter(isCompared)
        .map((measure) => [chartName(section, measure), drawBars(measure)] as const),
    ),
  )
}

/** `page` with the part between the markers replaced. Throws where it has none. */
export function replaceFigures(page: string, figures: string): string {
  const place = /(?<=<!-- figures -->\n)[\s\S]*?(?=<!-- \/figures -->)/
  if (!place.test(page)) throw new Error('the page has no part <!-- figures -->')
  return page.replace(place, () => `\n${figures}\n\n`)
}

/** The same for a terminal. */
export function formatSection(section: Section): string {
  const notes = section.notes.map((note) => `\n* ${note}`).join('')
  return `${section.title}\n${formatTable(listRows(section))}${notes}`
}

export function describeMachine(machine: Machine): string {
  const { cores, processor, memoryGib, kernel, programs } = machine
  const versions = Object.entries(programs).map(([name, version]) => `${name} ${version}`)
  return `${cores} cores (${processor}), ${memoryGib.toFixed(1)} GiB, ${kernel}; ${versions.join(', ')}`
}

function renderSection(section: Section): string {
  const { title, method, notes, machine, measures } = section
  const taken = `${machine.taken.slice(0, 16).replace('T', ' ')} UTC, load average ${machine.load.toFixed(2)}`
  const charts = measures
    .filter(isCompared)
    .map((measure) => `![${measure.title}](benchmarks/${chartName(section, measure)})`)
  return [
    `### ${title}`,
    method,
    formatMarkdownTable(listRows(section)),
    ...(notes.length === 0 ? [] : [notes.map((note) => `- ${note}`).join('\n')]),
    ...(charts.length === 0 ? [] : [charts.join('\n')]),
    `<sub>${taken}. ${describeMachine(machine)}.</sub>`,
  ].join('\n\n')
}

function isCompared(measure: Measure): boolean {
  return contendersOf([measure]).length > 1
}

function chartName(section: Section, measure: Measure): string {
  return `${section.name}-${measure.name}.svg`
}
