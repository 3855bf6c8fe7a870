/** docs/security.md: every threat that is said to be stopped names a test that exists, in its own words. */
import { existsSync, readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'

const page = readFileSync('docs/security.md', 'utf8')
const rows = page.split('\n').filter((line) => /^\| S-\d\d \|/.test(line))
const readNumber = (row: string) => row.slice(2, 6)
const readProof = (row: string) => row.split(' | ').at(-1) ?? ''

interface Proof {
  readonly path: string
  /** Absent for the folder of a golden case. */
  readonly words: string | undefined
}

function listProofs(row: string): readonly Proof[] {
  const found = readProof(row).matchAll(/`([a-z0-9]+\/[^`]+)`(?: "([^"]+)")?/g)
  return Array.from(found, ([, path = '', words]) => ({ path: `test/${path}`, words }))
}

/** What is wrong with it, if anything. */
function judge({ path, words }: Proof): string | undefined {
  if (!existsSync(path)) return `${path} does not exist`
  if (!path.endsWith('.test.ts')) return undefined
  if (words === undefined) return `${path} is named without words`
  return readFileSync(path, 'utf8').includes(words) ? undefined : `${path} does not say "${words}"`
}

test('threats are numbered in order', () => {
  const numbers = rows.map(readNumber)
  expect(numbers.length).toBeGreaterThan(40)
  expect(numbers).toEqual([...new Set(numbers)].toSorted())
})

describe('what is said to stop', () => {
  test.each(rows.map((row) => [readNumber(row), row] as const))('%s is shown', (_, row) => {
    const proofs = listProofs(row)
    expect(proofs.length).toBeGreaterThan(0)
    expect(proofs.map(judge).filter((problem) => problem !== undefined)).toEqual([])
  })
})

test('every threat that is not covered has an advice', () => {
  const section = page.split('## Not covered')[1] ?? ''
  const lines = section.split('\n').filter((line) => /^\| (?!threat|-)/.test(line))
  expect(lines.length).toBeGreaterThan(10)
  for (const line of lines) expect(line.split(' | ')).toHaveLength(2)
})
