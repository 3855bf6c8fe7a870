/** docs/benchmarks.md and its charts are what docs/benchmarks.json says; UPDATE_GOLDEN=1 draws them anew. */
import { readdirSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { drawCharts, renderFigures } from '../../bench/report/page.ts'
import type { Results } from '../../bench/report/results.ts'
import { expectGenerated, expectGeneratedPart } from '../../support/generated.ts'

const results: Results = JSON.parse(readFileSync('docs/benchmarks.json', 'utf8'))
const charts = drawCharts(results)

test('the figures of the page', () => {
  expectGeneratedPart('docs/benchmarks.md', 'figures', renderFigures(results))
})

test.each([...charts])('%s', (name, chart) => {
  expectGenerated(`docs/benchmarks/${name}`, chart)
})

test('there is no other chart', () => {
  expect(readdirSync('docs/benchmarks').toSorted()).toEqual([...charts.keys()].toSorted())
})
