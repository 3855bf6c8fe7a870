/** What V8 has compiled of the agent's scripts, which agent/open-program.ts gives back to it. */
import { execFileSync } from 'node:child_process'
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import { agentScripts } from '../../../scripts/agent-scripts.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-cache-'))
for (const name of ['agent.cjs', 'agent-program.cjs']) {
  copyFileSync(join('dist', name), join(folder, name))
}
const cache = join(folder, 'agent-program.cache')
const run = (...words: readonly string[]) =>
  execFileSync(process.execPath, words, { encoding: 'utf8' })

afterAll(() => rmSync(folder, { recursive: true }))

/** Those of every image of the agent. */
function readFlags(): readonly string[] {
  const [, words = '[]'] = /^ENTRYPOINT (.*)$/m.exec(readFileSync('Dockerfile.agent', 'utf8')) ?? []
  return JSON.parse(words).filter((word: string) => word.startsWith('--'))
}

test.each(agentScripts)('that of $name is taken under the flags of the images', ({ name }) => {
  const program = `const { Script } = require('node:vm')
    const [text, cachedData] = process.argv.slice(1).map((path) => fs.readFileSync(path))
    console.log(new Script(text.toString(), { cachedData }).cachedDataRejected)`
  const files = [`dist/${name}.cjs`, `dist/${name}.cache`]
  expect(readFlags()).toContain('--disable-sigusr1')
  expect(run(...readFlags(), '-e', program, ...files)).toBe('false\n')
})

test('the flags of the images leave Node the cache of its own modules', () => {
  // Most flags of V8 do not: Node compiles everything anew then, which no flag is worth.
  const program = `const { internalBinding } = require('internal/test/binding')
    require('node:https')
    console.log([...internalBinding('builtins').getCacheUsage().compiledWithoutCache].length)`
  const words = ['--expose-internals', '--no-warnings', ...readFlags(), '-e', program]
  expect(run(...words)).toBe('0\n')
  expect(run('--no-opt', ...words)).not.toBe('0\n')
})

describe('the agent starts', () => {
  const version = `${JSON.parse(readFileSync('package.json', 'utf8')).version}\n`
  const start = (...flags: readonly string[]) =>
    run(...flags, join(folder, 'agent.cjs'), 'agent', '-version')

  test('without it', () => {
    expect(start()).toBe(version)
  })

  test('with one that is cut off', () => {
    writeFileSync(cache, readFileSync('dist/agent-program.cache').subarray(0, -1000))
    expect(start()).toBe(version)
  })

  test('under flags that it was not made for', () => {
    copyFileSync('dist/agent-program.cache', cache)
    expect(start('--jitless')).toBe(version)
  })
})

// Two bytes for a character double the memory that the text takes.
test.each(agentScripts)('$name is ASCII', ({ name }) => {
  expect(readFileSync(`dist/${name}.cjs`).every((byte) => byte < 128)).toBe(true)
})
