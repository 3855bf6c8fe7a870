/** docs/agent-configuration.md names every key that the tables know and that has an effect. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { knownKeys } from '../../../../agent/config/known-keys.ts'

const root = join(import.meta.dirname, '../../../..')
const pages = ['agent-configuration.md', 'agent.md'].map((page) =>
  readFileSync(join(root, 'docs', page), 'utf8'),
)
const text = pages.join('\n')

test.each(Object.entries(knownKeys))('the keys of %s', (_, { keys, ineffective }) => {
  const effective = [...keys].filter((key) => !ineffective.has(key))
  const missing = effective.filter((key) => !new RegExp(`[\`.]${key}\\b`).test(text))
  expect(missing).toEqual([])
})
