/** From figures to rows, charts and the page, without measuring. */
import { describe, expect, test } from '@jest/globals'
import { drawBars } from '../../bench/report/bar-chart.ts'
import { formatFigure, formatNumber } from '../../bench/report/numbers.ts'
import { drawCharts, renderFigures, replaceFigures } from '../../bench/report/page.ts'
import { type Measure, mergeResults, pointOf, type Section } from '../../bench/report/results.ts'
import { listRows } from '../../bench/report/rows.ts'
import { summarize } from '../../bench/report/statistics.ts'
import { formatTable } from '../../bench/report/tables.ts'

const machine = {
  taken: '2026-01-02T03:04:05.678Z',
  load: 0.25,
  cores: 2,
  processor: 'a processor',
  memoryGib: 8,
  kernel: 'Linux 6.1',
  programs: { Node: 'v24.0.0' },
}

const memory: Measure = {
  name: 'anonymous',
  title: 'Anonymous memory',
  unit: 'MiB',
  points: [
    pointOf(
      'at rest',
      new Map([
        ['vaultAgent', [14, 13, 15]],
        ['claviger', [7, 6, 8]],
        ['hibernating', []],
      ] as const),
    ),
  ],
}

function section(name: string, measures: readonly Measure[] = [memory]): Section {
  return { name, title: name, machine, method: 'Somehow.', notes: ['A note.'], measures }
}

describe('figures', () => {
  test.each([
    [[3, 1, 2], { min: 1, median: 2, max: 3, count: 3 }],
    [[5, undefined], { min: 5, median: 5, max: 5, count: 1 }],
    [[], undefined],
    [[undefined], undefined],
  ])('%j is told by %j', (values, summary) => {
    expect(summarize(values)).toEqual(summary)
  })

  test.each([
    [0, '0'],
    [0.0634, '0.063'],
    [0.00412, '0.004'],
    [1.236, '1.24'],
    [99.94, '99.9'],
    [99.96, '100'],
    [12345.6, '12,346'],
  ])('%d is written %s', (value, text) => {
    expect(formatNumber(value)).toBe(text)
  })

  test('the span stands behind the median only where there is one', () => {
    expect(formatFigure({ min: 1, median: 2, max: 3 })).toBe('2 (1–3)')
    expect(formatFigure({ min: 2, median: 2, max: 2 })).toBe('2')
  })
})

describe('rows', () => {
  test('columns are the contenders with figures, ours first and with its ratio to the peer', () => {
    expect(listRows(section('any'))).toEqual([
      ['', 'Claviger', 'Vault Agent'],
      ['Anonymous memory, at rest (MiB)', '7 (6–8), 0.5 ×', '14 (13–15)'],
    ])
  })

  test('a measure with a budget has it beside its first row', () => {
    const [heading, row] = listRows(section('sidecar'))
    expect(heading?.at(-1)).toBe('budget; earlier')
    expect(row?.at(-1)).toContain('resident ≤ 16 MiB')
  })

  test('a contender without a figure in one row only has a dash there', () => {
    const second = pointOf('later', new Map([['claviger', [9]]] as const))
    const rows = listRows(section('any', [{ ...memory, points: [...memory.points, second] }]))
    expect(rows[2]).toEqual(['Anonymous memory, later (MiB)', '9', '–'])
  })

  test('a table for a terminal is aligned', () => {
    expect(
      formatTable([
        ['', 'b'],
        ['aa', 'c'],
      ]),
    ).toBe('    b\naa  c')
  })
})

describe('charts', () => {
  test('names and tells every bar, in light and in dark', () => {
    const chart = drawBars(memory)
    expect(chart).toContain('<title id="title">Anonymous memory, MiB</title>')
    expect(chart).toContain('at rest: Vault Agent 14 MiB, Claviger 7 MiB.')
    expect(chart).toContain('>Claviger</text>')
    expect(chart).toContain('>14 (13–15)</text>')
    expect(chart).toContain('prefers-color-scheme: dark')
  })

  test('bars are in proportion, and by their logarithms where they lie far apart', () => {
    const widths = (values: readonly [number, number]) => {
      const [ours, peer] = values
      const series = new Map([
        ['claviger', [ours]],
        ['vaultAgent', [peer]],
      ] as const)
      const chart = drawBars({ ...memory, points: [pointOf('', series)] })
      const bars = [...chart.matchAll(/<rect [^>]*width="([\d.]+)"/g)].map(([, width]) =>
        Number(width),
      )
      return { bars, isLogarithmic: chart.includes('logarithmic scale') }
    }
    const linear = widths([10, 40])
    expect(linear.isLogarithmic).toBe(false)
    expect((linear.bars[1] ?? 0) / (linear.bars[0] ?? 1)).toBeCloseTo(4)
    const far = widths([0.1, 100])
    expect(far.isLogarithmic).toBe(true)
    expect((far.bars[1] ?? 0) / (far.bars[0] ?? 1)).toBeLessThan(10)
  })

  test('there is one for each measure in which at least two are compared', () => {
    const alone = {
      ...memory,
      name: 'alone',
      points: [pointOf('', new Map([['claviger', [1]]] as const))],
    }
    const charts = drawCharts({ version: 1, sections: [section('any', [memory, alone])] })
    expect([...charts.keys()]).toEqual(['any-anonymous.svg'])
  })

  test('what stands in text is escaped', () => {
    expect(drawBars({ ...memory, title: 'a < b & c' })).toContain('a &lt; b &amp; c')
  })
})

describe('the page', () => {
  test('only the part between the markers changes', () => {
    const page = 'before\n<!-- figures -->\nold $&\n<!-- /figures -->\nafter\n'
    expect(replaceFigures(page, 'new $1')).toBe(
      'before\n<!-- figures -->\n\nnew $1\n\n<!-- /figures -->\nafter\n',
    )
    expect(() => replaceFigures('nothing', 'new')).toThrow('no part')
  })

  test('a section has its method, table, notes, charts, time and machine', () => {
    const text = renderFigures({ version: 1, sections: [section('any')] })
    expect(text).toContain('### any')
    expect(text).toContain('| Anonymous memory, at rest (MiB) | 7 (6–8), 0.5 × | 14 (13–15) |')
    expect(text).toContain('- A note.')
    expect(text).toContain('![Anonymous memory](benchmarks/any-anonymous.svg)')
    expect(text).toContain('2026-01-02 03:04 UTC, load average 0.25. 2 cores (a processor)')
  })

  test('sections that were not run keep their figures', () => {
    const [old, fresh] = [section('b', []), section('b')]
    const kept = { version: 1, sections: [old, section('c')] } as const
    const merged = mergeResults(kept, [section('a'), fresh], ['a', 'b', 'c'])
    expect(merged.sections.map(({ name }) => name)).toEqual(['a', 'b', 'c'])
    expect(merged.sections[1]).toBe(fresh)
  })
})
