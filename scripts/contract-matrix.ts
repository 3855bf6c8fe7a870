/**
 * `node scripts/contract-matrix.ts REPORT…` prints which store passed which test of the contract, as a Markdown table, from reports of
 * `jest --json`. A dash: the store, or its service, cannot do that by nature, so it has no such test.
 */
import { readFileSync } from 'node:fs'

interface Report {
  readonly testResults: readonly {
    readonly assertionResults: readonly {
      readonly ancestorTitles: readonly string[]
      readonly title: string
      readonly status: string
    }[]
  }[]
}

const reports = process.argv.slice(2).map((path): Report => JSON.parse(readFileSync(path, 'utf8')))
const results = reports
  .flatMap(({ testResults }) => testResults)
  .flatMap(({ assertionResults }) => assertionResults)
  .flatMap(({ ancestorTitles: [group = ''], title, status }) => {
    const [, store] = /^store contract: (.*)$/.exec(group) ?? []
    return store === undefined ? [] : [{ store, title, status }]
  })
const stores = [...new Set(results.map(({ store }) => store))].toSorted()
const titles = [...new Set(results.map(({ title }) => title))]
const cell = (store: string, title: string) => {
  const found = results.find((result) => result.store === store && result.title === title)
  if (found === undefined) return '–'
  return found.status === 'passed' ? '✓' : '✗'
}
const row = (cells: readonly string[]) => `| ${cells.join(' | ')} |\n`
process.stdout.write(row(['', ...stores]) + row(['---', ...stores.map(() => '---')]))
for (const title of titles) {
  process.stdout.write(row([title, ...stores.map((store) => cell(store, title))]))
}
