/** What the waiter answers from the status file. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import fc from 'fast-check'
import { formatPoint, formatSpan } from '../../../../agent/time-text.ts'
import { buildNames, waiterProgram } from './binaries.ts'
import { bootMs } from './boot-time.ts'

const folder = mkdtempSync(join(tmpdir(), 'waiter-'))
const file = join(folder, 'status')
const origin = 1_764_142_678_123
const always = 9_007_199_254_740_991
const dayMs = 86_400_000
const asked = 'the program is asked'

afterAll(() => rmSync(folder, { recursive: true }))

interface Report {
  readonly ready?: number
  readonly healthy?: number
  readonly overdue?: number
  readonly text?: string
  readonly json?: string
}

function write({ ready = 1, healthy = always, overdue = always, text = '', json = '' }: Report) {
  const times = [`origin ${origin}`, `ready ${ready}`, `healthy ${healthy}`, `overdue ${overdue}`]
  const content = ['claviger-status 1', ...times, `${text}\0${json}`].join('\n')
  writeFileSync(file, content)
  return content
}

const mark = (kind: 'a' | 'p', at: number) => `\u0001${kind} ${at}\u0002`

const marks = new RegExp(`${mark('a', 0).replace('a 0', '([ap]) (\\d+)')}( ?)`, 'g')

/** What a text says at a moment. Source: docs/waiter.md. */
function tell(text: string, now: number): string {
  return text.replace(marks, (_, kind, ms, space) => {
    const told = kind === 'a' ? formatSpan(now - Number(ms)) : formatPoint(Number(ms), now)
    return space === '' ? told : `${told.padEnd(11)} `
  })
}

describe.each(buildNames)('the waiter (%s)', (build) => {
  const ask = (...words: readonly string[]) => {
    const env = { ASAN_OPTIONS: 'detect_leaks=0', CLAVIGER_STATUS_FILE: file }
    const all = ['/bin/sh', '-e', join(folder, 'script'), ...words]
    writeFileSync(join(folder, 'script'), `echo '${asked}'; exit 9`)
    const { status, stdout } = spawnSync(waiterProgram(build, 'quick'), all, {
      env,
      encoding: 'utf8',
      maxBuffer: 1 << 24,
    })
    return [status, stdout]
  }
  const now = () => origin + bootMs()

  test('answers by the moment of asking', () => {
    const hour = 3_600_000
    write({ healthy: now() + hour, overdue: now() + hour, text: 'fine\n', json: '{}\n' })
    expect(ask('status')).toEqual([0, 'fine\n'])
    expect(ask('status', '-json')).toEqual([0, '{}\n'])
    expect(ask('ready')).toEqual([0, 'ready\n'])
    expect(ask('live')).toEqual([0, 'alive\n'])
    write({ healthy: now() - hour, overdue: now() - hour, ready: 0, text: 'bad\n', json: '[]\n' })
    expect(ask('status')).toEqual([1, 'bad\n'])
    expect(ask('status', '-json')).toEqual([1, '[]\n'])
    expect(ask('ready')).toEqual([1, 'not ready\n'])
    expect(ask('live')).toEqual([1, 'overdue\n'])
    write({ healthy: 0 })
    expect(ask('status')).toEqual([1, ''])
  })

  test('leaves other flags and other files to the program', () => {
    const content = write({ text: `${mark('a', 5)} x\n`, json: '{}' })
    for (const words of [
      ['status', '-config=x'],
      ['status', '-json', '-json'],
      ['ready', '-x'],
    ])
      expect(ask(...words)).toEqual([9, `${asked}\n`])
    const head = content.slice(0, content.search(/overdue /))
    const broken = [
      content.replace('status 1', 'status 2'),
      content.replace(/origin \d+/, 'origin x'),
      content.padEnd((4 << 20) + 1),
      ...Array.from({ length: head.length + 1 }, (_, length) => head.slice(0, length)),
    ]
    for (const other of build === 'static' ? broken : broken.slice(0, 20)) {
      writeFileSync(file, other)
      expect(ask('live')).toEqual([9, `${asked}\n`])
    }
    rmSync(file)
    expect(ask('status')).toEqual([9, `${asked}\n`])
  })

  test('prints a status of megabytes, and JSON as long', () => {
    const text = 'a line of a table\n'.repeat(60_000)
    write({ text })
    expect(ask('status')).toEqual([0, text])
    const json = 'x'.repeat((4 << 20) - write({}).length)
    expect(write({ json })).toHaveLength(4 << 20)
    expect(ask('status', '-json')).toEqual([0, json])
  })

  test('reads nothing beyond its file', () => {
    const head = 'claviger-status 1 origin 0 ready 1 healthy 9999999999999999 overdue'
    for (const content of [
      `${head}${'9'.padStart((4 << 20) - head.length)}`,
      `${head} 9999999999999999`.padEnd(4 << 20, '\u0001'),
      `${head} 99999999999999999999\u0001a`,
    ]) {
      writeFileSync(file, content)
      expect(ask('status')[0]).toBe(0)
      expect(ask('status', '-json')).toEqual([0, ''])
    }
  })

  test('passes over marks that are none', () => {
    for (const text of [
      '\u0001',
      '\u0001a',
      '\u0001a 12',
      '\u0001a x\u0002\n',
      '\u0002 \u0001p \u0002',
    ])
      for (const json of ['', '7\u0002']) {
        write({ text, json })
        expect(ask('status')).toEqual([0, text])
      }
  })

  test('tells times as the program does', () => {
    const distance = fc.oneof(
      fc.integer({ min: -400 * dayMs, max: 400 * dayMs }),
      fc.integer({ min: -200_000, max: 200_000 }),
      fc.integer({ min: -3000, max: 3000 }),
    )
    const part = fc.oneof(
      fc.constantFrom('  ', ' ', '\n', 'word', ', ', '-'),
      fc.tuple(fc.constantFrom('a' as const, 'p' as const), distance),
    )
    const tells = fc.property(fc.array(part, { maxLength: 30 }), (parts) => {
      const base = now()
      const text = parts
        .map((found) => (typeof found === 'string' ? found : mark(found[0], base + found[1])))
        .join('')
      write({ text: `${text}\n` })
      const before = now()
      const [status, told] = ask('status')
      const length = now() + 11 - before
      const expected = Array.from({ length }, (_, later) => tell(`${text}\n`, before + later))
      expect(status).toBe(0)
      expect(expected).toContain(told)
    })
    fc.assert(tells, { seed: 7, numRuns: build === 'static' ? 150 : 50 })
  })
})
