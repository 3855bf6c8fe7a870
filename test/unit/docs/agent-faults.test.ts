import { existsSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const page = readFileSync('docs/agent-faults.md', 'utf8')
const rows = page.split('\n').filter((line) => /^\| F-\d\d \|/.test(line))

test('every fault has one row', () => {
  const numbers = rows.map((row) => Number(row.slice(4, 6)))
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index)
  expect(numbers).toEqual([...range(1, 45), ...range(50, 70)])
})

test('every test and every scenario that is named exists', () => {
  const files = Array.from(
    page.matchAll(/`((?:unit|integration|property|e2e)\/[^`]+)`/g),
    ([, path]) => path,
  )
  const scenarios = rows.flatMap((row) =>
    Array.from(
      (row.split('|').at(-2) ?? '').matchAll(/(?<![\w/`.-])([a-z-]+\/[a-z0-9-]+)(?![\w/.`])/g),
      ([, id]) => id,
    ),
  )
  expect(files.length).toBeGreaterThan(30)
  expect(scenarios.length).toBeGreaterThan(30)
  const missing = [
    ...files.filter((path) => !existsSync(`test/${path}`)),
    ...scenarios.filter((id) => !existsSync(`test/conformance/agent/scenarios/${id}.json`)),
  ]
  expect(missing).toEqual([])
})
