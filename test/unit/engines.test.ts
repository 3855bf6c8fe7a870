import { readFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'

const manifest = JSON.parse(readFileSync('package.json', 'utf8'))

test('npm scripts run on the Node 24 of the devDependency, whatever Node started npm', () => {
  expect(process.versions.node).toBe(manifest.devDependencies.node)
  expect(process.versions.node).toMatch(/^24\./)
})

test('engines admit an older Node beside npm, since only npm itself runs on it', () => {
  expect(manifest.engines).toEqual({ node: '>=20', npm: '>=9' })
})

test('every dependency is pinned exactly', () => {
  const { axios, ...published } = manifest.dependencies
  expect(axios).toBe('file:./stubs/axios')
  for (const version of Object.values({ ...published, ...manifest.devDependencies })) {
    expect(version).toMatch(/^\d+\.\d+\.\d+$/)
  }
})

test('the lockfile names no host to download from', () => {
  const lock = JSON.parse(readFileSync('package-lock.json', 'utf8'))
  const resolved = Object.values(lock.packages as Record<string, { resolved?: string }>)
    .map((entry) => entry.resolved)
    .filter((text) => text !== undefined)
  expect(resolved).toEqual(['stubs/axios'])
})
