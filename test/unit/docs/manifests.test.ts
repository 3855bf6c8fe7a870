/** Manifests on the pages are ones that the webhook takes. */
import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { podKinds } from '../../../cli/manifests/pod-kinds.ts'
import { validateManifests } from '../../../cli/validate.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'
import { listBlocks } from './support/markdown.ts'

const options = {
  defaults: createDefaults({ address: 'https://vault:8200', image: 'claviger/agent:1' }),
  kinds: podKinds,
  namespace: 'default',
}

const pages = ['annotations', 'migrating-from-bank-vaults', 'migrating-from-the-csi-driver']
const manifests = pages.flatMap((page) =>
  listBlocks(readFileSync(`docs/${page}.md`, 'utf8'), 'yaml')
    .filter((text) => text.includes('vault.hashicorp.com/agent-inject:'))
    .map((text) => [page, text] as const),
)

test('there are some on each page', () => {
  expect([...new Set(manifests.map(([page]) => page))]).toEqual(pages)
})

test.each(manifests)('%s', (path, text) => {
  expect(validateManifests([{ path, text }], options)).toEqual([])
})
