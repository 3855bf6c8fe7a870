/** The file writer under strace: killed at each of its calls, and with each of them failing. Needs neither cluster nor store. */
import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { availableParallelism, tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { type Scenario, scenarios } from './crash/scenarios.ts'
import { type Call, runUntraced, runWriter, type TracedRun } from './crash/traced-writer.ts'

/** Calls at which a disk may be full or read-only; it may fail at any. */
const changing = new Set(['openat', 'mkdir', 'write', 'fsync', 'rename', 'link', 'symlink'])
const effects = [
  ['signal=KILL', () => true],
  ['error=EIO', () => true],
  ['error=ENOSPC', ({ name }: Call) => changing.has(name)],
  ['error=EROFS', ({ name }: Call) => changing.has(name)],
] as const

interface Attempt {
  readonly name: string
  readonly scenario: Scenario
  readonly call: Call
  readonly effect: string
}

describe.each(Object.entries(scenarios))('%s', (name, scenario) => {
  test.each(effects)('is the old one or the new one after %s at any call', async (effect, fits) => {
    const { code, calls } = await inFolder((folder) => runIn(folder, name, scenario))
    expect(code).toBe(0)
    expect(calls.length).toBeGreaterThan(30)
    await inParallel(calls.filter(fits), (call) =>
      inFolder((folder) => attempt(folder, { name, scenario, call, effect })),
    )
  })
})

async function attempt(folder: string, { name, scenario, call, effect }: Attempt): Promise<void> {
  const at = `${effect} at ${call.name} ${call.index}`
  const faulty = await runIn(folder, name, scenario, { call, effect })
  expect([at, describeFolder(folder, scenario)]).toEqual([
    at,
    faulty.code === 0
      ? 'new'
      : expect.stringMatching(scenario.isMixable ? /new|old/ : /^(?:new|old)$/),
  ])
  const mayLeaveStrays = faulty.code === undefined || call.name === 'unlink'
  if (!mayLeaveStrays) expect([at, findTemporaries(folder)]).toEqual([at, []])

  expect([at, await runUntraced({ scenario: name, folder })]).toEqual([at, 0])
  expect([at, describeFolder(folder, scenario)]).toEqual([at, 'new'])
  expect([at, list(folder)]).toEqual([at, expectedNames(scenario)])
}

async function runIn(
  folder: string,
  name: string,
  scenario: Scenario,
  fault?: { readonly call: Call; readonly effect: string },
): Promise<TracedRun> {
  scenario.prepare(folder)
  return runWriter({ scenario: name, folder, ...(fault === undefined ? {} : { fault }) })
}

/** Starting Node is most of what a run takes. */
async function inParallel<T>(items: readonly T[], work: (item: T) => Promise<void>): Promise<void> {
  const queue = items.values()
  const lanes = Array.from({ length: availableParallelism() }, async () => {
    for (const item of queue) await work(item)
  })
  await Promise.all(lanes)
}

async function inFolder<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-crash-'))
  try {
    return await work(folder)
  } finally {
    rmSync(folder, { recursive: true })
  }
}

/** `old`, `new`, or each file's own word; `partial` for what is neither. */
function describeFolder(folder: string, { before, after }: Scenario): string {
  const words = Object.keys(after).map((name) => {
    const text = readOrNothing(join(folder, name))
    if (text === after[name]) return 'new'
    return text === before[name] ? 'old' : 'partial'
  })
  return [...new Set(words)].join(' and ')
}

function readOrNothing(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch {
    return undefined
  }
}

/** All that is no directory; a generation, which has a name of its own each time, is one name. */
function list(folder: string, below = ''): readonly string[] {
  return readdirSync(join(folder, below), { withFileTypes: true })
    .flatMap((entry) => {
      const name = join(below, entry.name)
      if (entry.name.startsWith('..claviger-')) return ['..generation']
      return entry.isDirectory() ? list(folder, name) : [name]
    })
    .toSorted()
}

/** The link to a directory of a generation has the first name of what is in it. */
function expectedNames({ after, others }: Scenario): readonly string[] {
  const isGeneration = others.includes('..data')
  const names = Object.keys(after).map((name) => (isGeneration ? (name.split('/')[0] ?? '') : name))
  return [...names, ...others].toSorted()
}

function findTemporaries(folder: string): readonly string[] {
  return list(folder).filter((name) => basename(name).startsWith('.claviger-'))
}
