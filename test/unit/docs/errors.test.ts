import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { errorCatalogue } from '../../../core/errors.ts'

test('docs/errors.md has a section for every code and for nothing else, with its exit code where it names one, and whether it is retried', () => {
  const page = readFileSync('docs/errors.md', 'utf8')
  const sections = page.split(/^## /m).slice(1)
  const documented = sections.map((section) => section.split('\n')[0])
  expect(documented.toSorted()).toEqual(Object.keys(errorCatalogue).toSorted())
  for (const section of sections) {
    const [code = ''] = section.split('\n')
    const [, exitCode] = /Exit code (\d+)/.exec(section) ?? []
    const entry = Object.entries(errorCatalogue).find(([name]) => name === code)?.[1]
    expect([code, section.includes('Retried')]).toEqual([code, entry?.retryable])
    if (exitCode !== undefined) expect(Number(exitCode)).toBe(entry?.exitCode)
  }
})

test('every code is used by the sources', async () => {
  const { globSync } = await import('node:fs')
  const sources = globSync('{core,agent,webhook,cli}/**/*.ts')
    .filter((path) => path !== 'core/errors.ts')
    .map((path) => readFileSync(path, 'utf8'))
    .join('\n')
  const unused = Object.keys(errorCatalogue).filter((code) => !sources.includes(`'${code}'`))
  expect(unused).toEqual([])
})
