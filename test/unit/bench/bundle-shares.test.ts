/** What a part of a program is there for, by the imports that esbuild has seen. */
import { expect, test } from '@jest/globals'
import { measureShares } from '../../bench/measure/bundle-shares.ts'

const imports: Readonly<Record<string, readonly string[]>> = {
  main: ['agent-stores/open', 'text'],
  open: ['aws', 'ssm', 'db'],
  aws: ['agent-clouds/signature', 'agent-program/text'],
  ssm: ['agent-clouds/signature'],
  signature: [],
  db: ['driver', './store-mysql.cjs'],
  // In a circle, as libraries do.
  driver: ['db'],
  text: [],
}
const sizes = { main: 1, open: 2, aws: 10, ssm: 20, signature: 40, db: 100, driver: 200, text: 400 }
const isOneOf =
  (names: readonly string[]) =>
  ([name]: readonly [string, unknown]) =>
    names.includes(name)

/** Its first module is where it begins. */
const script = (name: string, ...modules: readonly string[]) => ({
  inputs: Object.fromEntries(
    Object.entries(imports)
      .filter(isOneOf(modules))
      .map(([path, of]) => [path, { imports: of.map((imported) => ({ path: imported })) }]),
  ),
  outputs: {
    [`dist/${name}.cjs`]: {
      entryPoint: modules[0] ?? '',
      inputs: Object.fromEntries(
        Object.entries(sizes)
          .filter(isOneOf(modules))
          .map(([path, bytesInOutput]) => [path, { bytesInOutput }]),
      ),
    },
  },
})

const onlyFor = measureShares([
  script('agent-program', 'main', 'text'),
  script('agent-clouds', 'signature'),
  script('agent-stores', 'open', 'aws', 'ssm', 'db', 'driver'),
])

test.each([
  [['aws'], 10],
  [['ssm'], 20],
  // What two share belongs to neither alone.
  [['aws', 'ssm'], 70],
  [['db'], 300],
  [['text'], 400],
])('%j alone has %d bytes', (modules, bytes) => {
  expect(onlyFor(modules)).toBe(bytes)
})

test('what is not there is told of', () => {
  expect(() => onlyFor(['aws', 'nowhere'])).toThrow('does not have nowhere')
})
