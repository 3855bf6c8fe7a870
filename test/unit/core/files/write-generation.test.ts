import {
  lstatSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  readlinkSync,
  rmSync,
  statSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { writeGeneration } from '../../../../core/files/write-generation.ts'

let folder = ''
const path = (...parts: readonly string[]) => join(folder, ...parts)
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-generation-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = { mode: undefined, createDirectories: true }
const file = (name: string, text: string, changes = {}) => ({
  path: path(name),
  bytes: Buffer.from(text),
  options: { ...options, ...changes },
})
const text = (name: string) => readFileSync(path(name), 'utf8')
const names = (name: string) => readdirSync(path(name)).toSorted()

describe('files that belong together', () => {
  test('are all written, and only what changed is named', () => {
    writeFileSync(path('a'), 'one')
    const files = [file('a', 'one'), file('b', 'two'), file('deep/c', 'three')]
    expect(writeGeneration(files, { generations: [], kept: [] })).toEqual([
      path('b'),
      path('deep/c'),
    ])
    expect(['a', 'b', 'deep/c'].map(text)).toEqual(['one', 'two', 'three'])
  })

  test('are all left alone when one of them cannot be written', () => {
    writeFileSync(path('a'), 'old')
    mkdirSync(path('b'))
    const files = [file('a', 'new'), file('b', 'x'), file('c', 'x')]
    expect(() => writeGeneration(files, { generations: [], kept: [] })).toThrow(
      expect.objectContaining({ code: 'write_failed' }),
    )
    expect(text('a')).toBe('old')
    expect(names('.')).toEqual(['a', 'b'])
  })
})

describe('a directory of generations', () => {
  const write = (files: readonly ReturnType<typeof file>[], kept: readonly string[] = []) =>
    writeGeneration(files, { generations: [path('g')], kept: kept.map((name) => path(name)) })
  const current = () => readlinkSync(path('g/..data'))

  test('shows all files of one generation through one link', () => {
    expect(write([file('g/cert', 'c1'), file('g/sub/key', 'k1', { mode: 0o600 })])).toHaveLength(2)
    expect([text('g/cert'), text('g/sub/key')]).toEqual(['c1', 'k1'])
    expect(readlinkSync(path('g/cert'))).toBe('..data/cert')
    expect(readlinkSync(path('g/sub'))).toBe('..data/sub')
    expect(statSync(path('g/sub/key')).mode & 0o777).toBe(0o600)
    expect(names('g')).toEqual([current(), '..data', 'cert', 'sub'])
  })

  test('changes by moving that link, and drops the old generation', () => {
    write([file('g/cert', 'c1'), file('g/key', 'k1', { mode: 0o600 })])
    const before = current()
    expect(write([file('g/cert', 'c2'), file('g/key', 'k1')])).toEqual([path('g/cert')])
    expect([text('g/cert'), text('g/key')]).toEqual(['c2', 'k1'])
    expect(current()).not.toBe(before)
    expect(names('g')).toEqual([current(), '..data', 'cert', 'key'])
    write([file('g/cert', 'c2'), file('g/key', 'k2')])
    expect(statSync(path('g/key')).mode & 0o777).toBe(0o600)
  })

  test('does not change when the bytes are the same', () => {
    const files = [file('g/a', 'one'), file('g/b', 'two')]
    write(files)
    const before = current()
    expect(write(files)).toEqual([])
    expect(current()).toBe(before)
  })

  test('carries over what is kept, and drops what is not', () => {
    write([file('g/a', 'a1'), file('g/b', 'b1'), file('g/c', 'c1')])
    expect(write([file('g/a', 'a2')], ['g/b'])).toEqual([path('g/a')])
    expect([text('g/a'), text('g/b')]).toEqual(['a2', 'b1'])
    expect(names('g')).toEqual([current(), '..data', 'a', 'b'])
  })

  test('takes over plain files, and leaves those of others alone', () => {
    mkdirSync(path('g/theirs'), { recursive: true })
    writeFileSync(path('g/a'), 'same')
    writeFileSync(path('g/other'), 'other')
    symlinkSync('other', path('g/link'))
    expect(write([file('g/a', 'same'), file('g/b', 'new')])).toEqual([path('g/b')])
    expect(lstatSync(path('g/a')).isSymbolicLink()).toBe(true)
    expect(names('g')).toEqual([current(), '..data', 'a', 'b', 'link', 'other', 'theirs'])
    expect(text('g/link')).toBe('other')
  })

  test('mends what a killed writer left', () => {
    const files = [file('g/a', 'one'), file('g/b', 'two')]
    write(files)
    mkdirSync(path('g/..claviger-0123456789abcdef/deep'), { recursive: true })
    writeFileSync(path('g/..claviger-0123456789abcdef/deep/a'), 'half')
    rmSync(path('g/b'))
    symlinkSync('..data/gone', path('g/gone'))
    // Readers could not come to it.
    expect(write(files)).toEqual([path('g/b')])
    expect(names('g')).toEqual([current(), '..data', 'a', 'b'])
    expect(text('g/b')).toBe('two')
  })

  test('is not led out of the directory by links in the place of a generation', () => {
    mkdirSync(path('outside'))
    writeFileSync(path('outside/a'), 'theirs')
    mkdirSync(path('g'))
    symlinkSync('../outside', path('g/..claviger-0123456789abcdef'))
    symlinkSync('..claviger-0123456789abcdef', path('g/..data'))
    write([file('g/a', 'new')])
    expect(text('g/a')).toBe('new')
    expect(text('outside/a')).toBe('theirs')
    expect(names('outside')).toEqual(['a'])
  })

  test('refuses a directory where a file is to be, and changes nothing', () => {
    mkdirSync(path('g/a'), { recursive: true })
    expect(() => write([file('g/a', 'x'), file('g/b', 'x')])).toThrow('is a directory')
    expect(names('g')).toEqual(['a'])
  })
})
