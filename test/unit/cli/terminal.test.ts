/** What verbs do where a person looks. */
import { Readable } from 'node:stream'
import { stripVTControlCharacters } from 'node:util'
import { describe, expect, test } from '@jest/globals'
import type { Terminal } from '../../../cli/terminal.ts'
import { verbs } from '../../../cli/verbs.ts'
import { systemClock } from '../../../core/clock.ts'
import { createLogger } from '../../../core/log.ts'

async function run(name: string, words: readonly string[], given: Partial<Terminal> = {}) {
  const written: string[] = []
  const terminal: Terminal = {
    variables: {},
    clock: systemClock,
    input: Readable.from([]),
    inputBytes: Readable.from([]),
    inputIsTerminal: true,
    ask: async () => undefined,
    write: (text) => void written.push(text.toString()),
    writeError: (text) => void written.push(text),
    columns: 100,
    colours: true,
    directory: process.cwd(),
    logger: createLogger({ level: 'error', format: 'standard', write: () => {}, now: () => 0 }),
    stop: new AbortController().signal,
    ...given,
  }
  const verb = await verbs.get(name)?.load()
  const code = await verb?.run(words, terminal)
  return { code, text: written.join('') }
}

const example = 'manifests/examples/deployment.yaml'

describe('inject --diff', () => {
  test('has colours where they are wanted', async () => {
    const { text } = await run('inject', ['--diff', example])
    expect(text).toContain('\u001b[32m+        - name: vault-agent\u001b[m')
    expect(text).toContain('\u001b[36m@@ ')
  })

  test('is the same without them', async () => {
    const coloured = await run('inject', ['--diff', example])
    const plain = await run('inject', ['--diff', example], { colours: false })
    expect(stripVTControlCharacters(coloured.text)).toBe(plain.text)
    expect(plain.text).not.toContain('\u001b')
  })
})

test('annotations are a table as wide as the terminal', async () => {
  const { text } = await run('annotations', [])
  expect(text).toMatch(/^ANNOTATION +DEFAULT +MEANING\n/)
  for (const line of text.split('\n')) expect(line.length).toBeLessThanOrEqual(100)
})

test.each(['inject', 'validate'])('%s waits for no keyboard', async (name) => {
  await expect(run(name, [])).rejects.toMatchObject({ code: 'usage' })
})
