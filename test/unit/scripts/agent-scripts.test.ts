/** Which of the agent's scripts a module comes into, by the imports that esbuild has seen. */
import { expect, test } from '@jest/globals'
import { divideModules, writeEntry } from '../../../scripts/agent-scripts.ts'

const imports: Readonly<Record<string, readonly string[]>> = {
  'agent/main.ts': ['core/errors.ts', 'core/stores/open-store.ts', 'stubs/lazy-re2js.cjs'],
  'core/errors.ts': [],
  'core/stores/open-store.ts': ['core/cloud/ask.ts', 'core/stores/read-each.ts'],
  'core/stores/read-each.ts': ['core/errors.ts', 'core/shared.ts'],
  'core/cloud/ask.ts': ['core/errors.ts', 'core/shared.ts'],
  'core/shared.ts': ['node:path'],
  'stubs/lazy-re2js.cjs': ['../elsewhere/node_modules/re2js/build/index.cjs'],
  '../elsewhere/node_modules/re2js/build/index.cjs': [],
}
const division = divideModules(
  Object.fromEntries(
    Object.entries(imports).map(([path, of]) => [
      path,
      { imports: of.map((each) => ({ path: each, external: each.startsWith('node:') })) },
    ]),
  ),
)

test('a module is in the script that owns it, or in the first that comes to it', () => {
  expect(Object.fromEntries(division.owners)).toEqual({
    'agent/main.ts': 'agent-program',
    'core/errors.ts': 'agent-program',
    'stubs/lazy-re2js.cjs': 'agent-program',
    'core/cloud/ask.ts': 'agent-clouds',
    'core/shared.ts': 'agent-clouds',
    'core/stores/open-store.ts': 'agent-stores',
    'core/stores/read-each.ts': 'agent-stores',
    // By the same name wherever packages are installed.
    'node_modules/re2js/build/index.cjs': 'agent-regexps',
  })
})

test('a script hands over what others import of it', () => {
  expect(Object.fromEntries(division.shared)).toEqual({
    'agent-program': ['core/errors.ts'],
    'agent-clouds': ['core/cloud/ask.ts', 'core/shared.ts'],
    'agent-stores': ['core/stores/open-store.ts'],
    'agent-traces': [],
    'agent-regexps': ['node_modules/re2js/build/index.cjs'],
  })
})

test('the first script runs the agent once it has handed over', () => {
  expect(writeEntry('agent-program', division)).toBe(
    `provide({\n"core/errors.ts": () => require("./core/errors.ts"),\n})\nrequire('./agent/main.ts')\n`,
  )
  expect(writeEntry('agent-stores', division)).not.toContain('agent/main.ts')
})
