/** What a part of a bundle is there for, by the imports that esbuild has seen. */
import { expect, test } from '@jest/globals'
import { openBundle } from '../../bench/measure/bundle-shares.ts'

const imports: Readonly<Record<string, readonly string[]>> = {
  main: ['open', 'text'],
  open: ['aws', 'ssm', 'db'],
  aws: ['signature', 'text'],
  ssm: ['signature'],
  signature: [],
  db: ['driver', './store-mysql.cjs'],
  // In a circle, as libraries do.
  driver: ['db'],
  text: [],
}
const sizes = { main: 1, open: 2, aws: 10, ssm: 20, signature: 40, db: 100, driver: 200, text: 400 }
const metafile = {
  inputs: Object.fromEntries(
    Object.entries(imports).map(([path, of]) => [
      path,
      { imports: of.map((imported) => ({ path: imported })) },
    ]),
  ),
  outputs: {
    'dist/agent.cjs': {
      entryPoint: 'main',
      bytes: 1000,
      inputs: Object.fromEntries(
        Object.entries(sizes).map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
      ),
    },
  },
}

const bundle = openBundle(metafile, 'dist/agent.cjs')

test('has the size that was written, with what the bundler adds', () => {
  expect(bundle.bytes).toBe(1000)
})

test.each([
  [['aws'], 10],
  [['ssm'], 20],
  // What two share belongs to neither alone.
  [['aws', 'ssm'], 70],
  [['db'], 300],
  [['text'], 400],
])('%j alone has %d bytes', (modules, bytes) => {
  expect(bundle.onlyFor(modules)).toBe(bytes)
})

test('what is not there is told of', () => {
  expect(() => bundle.onlyFor(['aws', 'nowhere'])).toThrow('does not have nowhere')
  expect(() => openBundle(metafile, 'dist/none.cjs')).toThrow('no bundle dist/none.cjs')
})
