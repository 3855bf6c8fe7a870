/** What `npm run sbom` writes of the bundles of `npm run build`, against esbuild's own account of them. */
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from '@jest/globals'

const readJson = (path: string) => JSON.parse(readFileSync(path, 'utf8'))
const read = (name: string) => readFileSync(`dist/${name}.sbom.json`, 'utf8')

beforeAll(() => {
  execFileSync(process.execPath, ['scripts/sbom.ts'])
})

describe.each(['webhook', 'agent-program', 'agent-clouds', 'agent-regexps', 'claviger', 'traces'])(
  'the components of %s',
  (name) => {
    test('are the packages of the bundle and nothing else, with version and licence', () => {
      const { outputs } = readJson(`dist/${name}.meta.json`)
      const inputs = Object.keys(outputs[`dist/${name}.cjs`].inputs)
      const folders = inputs.flatMap(
        (path) => /node_modules\/(?:.*node_modules\/)?(?:@[^/]+\/)?[^/]+/.exec(path)?.[0] ?? [],
      )
      const installed = [...new Set(folders)].map((folder) => readJson(`${folder}/package.json`))
      const wanted = new Set(installed.map((each) => `${each.name}@${each.version}`))
      const { components, metadata } = JSON.parse(read(name))
      const listed = components.map(
        (each: { name: string; version: string }) => `${each.name}@${each.version}`,
      )
      expect(listed.toSorted()).toEqual([...wanted].toSorted())
      for (const { licenses } of components) expect(licenses).toHaveLength(1)
      expect(metadata.component.version).toBe(readJson('package.json').version)
    })

    test('say nothing of time and chance', () => {
      expect(read(name)).not.toMatch(/serialNumber|timestamp|uuid/)
    })
  },
)
