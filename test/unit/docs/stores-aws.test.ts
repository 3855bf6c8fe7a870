/** The policies of the pages about stores are JSON, and name actions that the stores of AWS need or that belong to their tags. */
import { globSync, readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { createFakeParameters } from '../../support/stores/aws-fake-parameters.ts'
import { createFakeSecrets } from '../../support/stores/aws-fake-secrets.ts'
import { listBlocks } from './support/markdown.ts'

const pages = globSync('docs/stores*.md').map((path) => readFileSync(path, 'utf8'))
const operations = new Set([
  ...Object.keys(createFakeSecrets().members).map((name) => `secretsmanager:${name}`),
  ...Object.keys(createFakeParameters().members).map((name) => `ssm:${name}`),
  ...['TagResource', 'UntagResource', 'ReplicateSecretToRegions'].map(
    (name) => `secretsmanager:${name}`,
  ),
])

test('policies are JSON', () => {
  const policies = pages
    .flatMap((page) => listBlocks(page, 'json'))
    .filter((text) => text.includes('"Statement"'))
  expect(policies.length).toBeGreaterThan(2)
  for (const text of policies) expect(JSON.parse(text)).toMatchObject({ Version: '2012-10-17' })
})

test('actions are ones of the services', () => {
  const named = pages.flatMap((page) =>
    Array.from(page.matchAll(/\b(?:secretsmanager|ssm):[A-Z]\w+/g), ([action]) => action),
  )
  const actions = new Set(named.filter((action) => !action.endsWith(':ResourceTag')))
  expect(actions.size).toBeGreaterThan(10)
  expect([...actions].filter((action) => !operations.has(action))).toEqual([])
})
