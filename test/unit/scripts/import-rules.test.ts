import { expect, test } from '@jest/globals'
import { findProblems } from '../../../scripts/import-rules.ts'

test.each([
  ['agent/run.ts', "import { a } from '../core/a.ts'", undefined],
  ['agent/run.ts', "import { a } from './b.ts'", undefined],
  ['agent/run.ts', "import { a } from '../webhook/a.ts'", 'agent must not import webhook'],
  ['webhook/tls/a.ts', "import { a } from '../../agent/a.ts'", 'webhook must not import agent'],
  ['core/a.ts', "import { a } from '../cli/a.ts'", 'core must not import cli'],
  ['core/a.ts', "const a = await import('../webhook/a.ts')", 'core must not import webhook'],
  ['cli/inject.ts', "import { a } from '../webhook/inject/mutate.ts'", undefined],
  [
    'agent/plan/a.ts',
    "import { a } from 'node:fs'",
    'a pure zone must not use an input or output module',
  ],
  ['agent/plan/a.ts', 'const now = Date.now()', 'a pure zone must not use the clock'],
  ['core/template/a.ts', 'const x = Math.random()', 'a pure zone must not use randomness'],
  ['webhook/inject/a.ts', 'process.env', 'a pure zone must not use process'],
  ['webhook/inject/a.ts', 'setTimeout(f, 1)', 'a pure zone must not use a timer'],
  ['agent/run.ts', 'setTimeout(f, 1)', undefined],
])('%s with %p', (path, text, problem) => {
  const found = findProblems([{ path, text }])
  expect(found).toEqual(problem === undefined ? [] : [{ file: path, text: problem }])
})
