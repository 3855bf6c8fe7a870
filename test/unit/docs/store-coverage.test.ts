/** docs/store-coverage.md has every row once, and each names a test in its own words, or says why it has none. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { filePeer } from '../../support/stores/file-peer.ts'
import { listContractTests } from '../../support/stores/store-contract.ts'

const page = readFileSync('docs/store-coverage.md', 'utf8')
const rows = page.split('\n').filter((line) => /^\| \d+ \|/.test(line))
const cells = (row: string) => row.slice(2, -2).split(' | ')
const contract = listContractTests(filePeer)

test('every row is there once, in order', () => {
  const range = (from: number, to: number) =>
    Array.from({ length: to - from + 1 }, (_, index) => from + index)
  const numbers = rows.map((row) => Number(cells(row)[0]))
  expect(numbers).toEqual([...range(1, 58), ...range(86, 130), ...range(191, 216)])
})

/** What is wrong with a proof, if anything. */
function judge(path: string, words: string | undefined): string | undefined {
  if (path === 'contract') return contract.includes(words ?? '') ? undefined : `no test "${words}"`
  const file = `test/${path}`
  if (!existsSync(file)) return `${file} does not exist`
  if (words === undefined) return undefined
  return readFileSync(file, 'utf8').includes(words) ? undefined : `${file} does not say "${words}"`
}

describe('what shows', () => {
  test.each(rows.map((row) => [cells(row)[0], row] as const))('row %s', (_, row) => {
    const parts = cells(row)
    expect(parts).toHaveLength(4)
    const [, , where = '', shown = ''] = parts
    if (shown === 'documentation') return
    const proofs = Array.from(
      shown.matchAll(/(?:`([^`]+\.test\.ts)`|(contract))(?: "([^"]+)")?/g),
      ([, path, word = '', words]) => judge(path ?? word, words),
    )
    if (shown.startsWith('not done')) expect(proofs).toEqual([])
    else expect(proofs.length).toBeGreaterThan(0)
    expect(proofs.filter((problem) => problem !== undefined)).toEqual([])
    expect(where.trim()).not.toBe('')
  })
})
