import {
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeEach, describe, expect, test } from '@jest/globals'
import type { LogConfig } from '../../../agent/config/agent-config.ts'
import { openLogFile } from '../../../agent/log-file.ts'

const root = mkdtempSync(join(tmpdir(), 'claviger-log-'))
afterAll(() => rmSync(root, { recursive: true }))

let folder = ''
let count = 0
beforeEach(() => {
  count++
  folder = join(root, String(count))
  mkdirSync(folder)
})

const start = 1_700_000_000_000
const log = (changes: Partial<LogConfig>): LogConfig => ({
  choice: { level: 'info', format: 'standard' },
  file: undefined,
  rotateBytes: 0,
  rotateMs: 86_400_000,
  rotateMaxFiles: 0,
  ...changes,
})

/** A writer and the hand of its clock. */
function open(changes: Partial<LogConfig>) {
  const clock = { time: start, now: () => clock.time }
  const write = openLogFile(log(changes), clock)
  if (write === undefined) throw new Error('no file')
  return { write, clock }
}

const text = (name: string) => readFileSync(join(folder, name), 'utf8')

describe('the file', () => {
  test('is none unless one is configured', () => {
    expect(openLogFile(log({}), { now: () => start })).toBeUndefined()
  })

  test.each([
    ['a name', 'my.log', 'my.log'],
    ['a directory', '', 'vault.log'],
    ['a directory without its slash', '.', 'vault.log'],
  ])('is %s', (_, name, written) => {
    const file = name === '.' ? folder : `${folder}/${name}`
    open({ file }).write('one\n')
    expect(readdirSync(folder)).toEqual([written])
    expect(text(written)).toBe('one\n')
    expect(statSync(join(folder, written)).mode & 0o777).toBe(0o640)
  })

  test('goes on where it ended', () => {
    const file = join(folder, 'a.log')
    open({ file }).write('one\n')
    open({ file }).write('two\n')
    expect(text('a.log')).toBe('one\ntwo\n')
  })

  test('that cannot be opened is an error', () => {
    const file = join(folder, 'none', 'a.log')
    expect(() => open({ file })).toThrow(
      expect.objectContaining({ code: 'write_failed', facts: { path: file, cause: 'ENOENT' } }),
    )
  })
})

describe('rotation', () => {
  const archive = (nanoseconds: number) =>
    `a-1700000000000${String(nanoseconds).padStart(6, '0')}.log`

  test('by size, under names of their own', () => {
    const { write } = open({ file: join(folder, 'a.log'), rotateBytes: 8 })
    for (const line of ['one\n', 'two\n', 'three\n', 'four\n', 'five\n']) write(line)
    expect(readdirSync(folder).sort()).toEqual([archive(0), archive(1), 'a.log'])
    expect(text(archive(0))).toBe('one\ntwo\n')
    expect(text(archive(1))).toBe('three\nfour\n')
    expect(text('a.log')).toBe('five\n')
  })

  test('counts what a file already holds', () => {
    writeFileSync(join(folder, 'a.log'), 'from before\n')
    open({ file: join(folder, 'a.log'), rotateBytes: 8 }).write('new\n')
    expect(text('a.log')).toBe('new\n')
  })

  test('by age, but never an empty file', () => {
    const { write, clock } = open({ file: join(folder, 'a'), rotateMs: 1000 })
    clock.time += 5000
    write('one\n')
    expect(readdirSync(folder)).toEqual(['a'])
    write('two\n')
    expect(readdirSync(folder)).toEqual(['a', 'a-1700000005000000000'])
    clock.time += 999
    write('three\n')
    expect(text('a')).toBe('two\nthree\n')
  })

  test.each([
    [0, 4],
    [2, 2],
    [-1, 0],
  ])('keeps archives, %p: %p of them, and no file of others goes', (rotateMaxFiles, kept) => {
    const others = ['a-.log', 'a-b.log', 'a-1.txt', 'aa-1.log']
    for (const name of others) writeFileSync(join(folder, name), '')
    const { write } = open({ file: join(folder, 'a.log'), rotateBytes: 1, rotateMaxFiles })
    for (const line of ['1\n', '2\n', '3\n', '4\n', '5\n']) write(line)
    const names = readdirSync(folder).filter((name) => !others.includes(name))
    expect(names).toHaveLength(kept + 1)
    expect(text('a.log')).toBe('5\n')
    expect(readdirSync(folder)).toEqual(expect.arrayContaining(others))
    if (kept > 0) expect(text(archive(3))).toBe('4\n')
  })
})

test('what cannot be written is lost and nothing else; afterwards it goes on', () => {
  const inner = join(folder, 'inner')
  mkdirSync(inner)
  const { write } = open({ file: join(inner, 'a.log'), rotateBytes: 1 })
  write('one\n')
  renameSync(inner, join(folder, 'gone'))
  expect(() => write('two\n')).not.toThrow()
  mkdirSync(inner)
  write('three\n')
  expect(readFileSync(join(inner, 'a.log'), 'utf8')).toBe('three\n')
})
