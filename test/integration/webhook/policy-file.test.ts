/** A policy in a file: what a webhook starts with, and what a change does. */
import { mkdirSync, mkdtempSync, renameSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { formatIssue } from '../../../core/issue.ts'
import { createLogger } from '../../../core/log.ts'
import { openPolicyFile } from '../../../webhook/config/policy-file.ts'
import { createManualClock } from './support/clock.ts'

const lines: string[] = []
const write = (line: string) => void lines.push(line)
const logger = createLogger({ level: 'trace', format: 'json', write, now: () => 0 })
let folder = ''
let generation = 0

beforeEach(() => {
  lines.length = 0
  folder = mkdtempSync(join(tmpdir(), 'claviger-policy-'))
})

afterEach(() => rmSync(folder, { recursive: true }))

/** As the kubelet changes a mounted ConfigMap: a new directory, and the swap of a symlink. */
function store(text: string): void {
  generation += 1
  const name = `..${generation}`
  mkdirSync(join(folder, name))
  writeFileSync(join(folder, name, 'policy.yaml'), text)
  symlinkSync(name, join(folder, '..data_tmp'))
  renameSync(join(folder, '..data_tmp'), join(folder, '..data'))
}

const rule = (name: string) => `rules: [{ name: ${name}, roles: { allow: [app] } }]`

async function open(knowsLabels = true) {
  const path = join(folder, '..data', 'policy.yaml')
  const clock = createManualClock()
  return { clock, opened: await openPolicyFile({ path, knowsLabels, clock, logger }) }
}

async function run() {
  const { clock, opened } = await open()
  if (opened.kind === 'issues') throw new Error(opened.issues.map(formatIssue).join('\n'))
  const controller = new AbortController()
  const running = opened.value.run(controller.signal)
  return {
    rules: () => opened.value.current().rules.map(({ name }) => name),
    /** Lets it look once more. */
    look: async () => {
      await clock.waiting()
      clock.advance(2_000)
      await clock.waiting()
    },
    stop: async () => {
      controller.abort()
      await running
    },
  }
}

describe('at the start', () => {
  test.each([
    ['a file that is missing', undefined, ['a file that can be read (ENOENT)']],
    [
      'a policy that is wrong',
      'mode: x\nrules: [{}]',
      ['mode: ', 'rules[0].name: ', 'rules[0].annotations: '],
    ],
  ])('%s is told with every problem', async (_, text, problems) => {
    if (text !== undefined) store(text)
    const { opened } = await open()
    const told = opened.kind === 'issues' ? opened.issues.map(formatIssue) : []
    expect(told).toHaveLength(problems.length)
    problems.forEach((problem, index) => {
      expect(told[index]).toContain(problem)
    })
  })

  test('selectors of labels need the watch of namespaces', async () => {
    store('rules: [{ name: r, roles: { deny: [x] }, namespaces: { matchLabels: { a: b } } }]')
    expect((await open(true)).opened.kind).toBe('ok')
    const { opened } = await open(false)
    expect(opened).toMatchObject({
      kind: 'issues',
      issues: [{ path: 'rules', expected: expect.stringContaining('-watch-namespaces') }],
    })
  })
})

describe('a change', () => {
  test('counts from the next look on', async () => {
    store(rule('one'))
    const { rules, look, stop } = await run()
    expect(rules()).toEqual(['one'])
    store(rule('two'))
    expect(rules()).toEqual(['one'])
    await look()
    expect(rules()).toEqual(['two'])
    await look()
    expect(lines.filter((line) => line.includes('"policy loaded"'))).toHaveLength(2)
    await stop()
  })

  test.each([
    ['wrong', 'rules: [{ nam: two }]', 'did you mean name?'],
    ['no YAML', 'rules: [', 'a YAML document'],
    ['missing', undefined, 'a file that can be read'],
  ])('that is %s leaves the last good one and says so once', async (_, text, problem) => {
    store(rule('one'))
    const { rules, look, stop } = await run()
    if (text === undefined) rmSync(join(folder, '..data'))
    else store(text)
    await look()
    await look()
    expect(rules()).toEqual(['one'])
    expect(lines.filter((line) => line.includes('the last good one stays'))).toHaveLength(1)
    expect(lines.join('')).toContain(problem)
    store(rule('three'))
    await look()
    expect(rules()).toEqual(['three'])
    await stop()
  })
})
