import { spawnSync } from 'node:child_process'
import {
  chownSync,
  linkSync,
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
import { replaceFile, writeFileIfChanged } from '../../../core/atomic-write.ts'

let folder = ''
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

const options = { mode: undefined, createDirectories: true }
const modeOf = (path: string) => statSync(path).mode & 0o7777

describe('writeFileIfChanged', () => {
  test.each([
    [undefined, undefined, 0o644],
    [0o640, undefined, 0o640],
    [undefined, 0o600, 0o600],
    [0o400, 0o600, 0o400],
  ])('mode %p over a file of mode %p gives %p', (mode, existing, expected) => {
    const path = join(folder, 'file')
    if (existing !== undefined) writeFileSync(path, 'old', { mode: existing })
    expect(writeFileIfChanged(path, Buffer.from('new'), { ...options, mode })).toBe(true)
    expect(readFileSync(path, 'utf8')).toBe('new')
    expect(modeOf(path)).toBe(expected)
  })

  test('leaves equal bytes alone, inode included', () => {
    const path = join(folder, 'file')
    writeFileIfChanged(path, Buffer.from('same'), options)
    const { ino, mtimeNs } = statSync(path, { bigint: true })
    expect(writeFileIfChanged(path, Buffer.from('same'), options)).toBe(false)
    expect(statSync(path, { bigint: true })).toMatchObject({ ino, mtimeNs })
  })

  test('makes missing folders only when asked to', () => {
    const path = join(folder, 'a', 'b', 'file')
    const never = { ...options, createDirectories: false }
    expect(() => writeFileIfChanged(path, Buffer.from('x'), never)).toThrow('ENOENT')
    expect(writeFileIfChanged(path, Buffer.from('x'), options)).toBe(true)
  })

  test('replaces a link instead of writing through it', () => {
    const target = join(folder, 'target')
    const path = join(folder, 'link')
    writeFileSync(target, 'untouched')
    symlinkSync(target, path)
    writeFileIfChanged(path, Buffer.from('new'), options)
    expect(readFileSync(target, 'utf8')).toBe('untouched')
    expect(() => readlinkSync(path)).toThrow()
  })

  test('leaves nothing partial behind when it fails', () => {
    const path = join(folder, 'folder')
    mkdirSync(join(path, 'child'), { recursive: true })
    expect(() => writeFileIfChanged(path, Buffer.from('x'), options)).toThrow(
      expect.objectContaining({ code: 'write_failed' }),
    )
    expect(readdirSync(folder)).toEqual(['folder'])
  })

  test('replaces neither a directory nor a pipe', () => {
    const pipe = join(folder, 'pipe')
    spawnSync('mkfifo', [pipe])
    mkdirSync(join(folder, 'directory'))
    for (const name of ['pipe', 'directory']) {
      expect(() => writeFileIfChanged(join(folder, name), Buffer.from('x'), options)).toThrow(
        expect.objectContaining({
          code: 'write_failed',
          facts: expect.objectContaining({ path: join(folder, name), reason: expect.any(String) }),
        }),
      )
    }
    expect(readdirSync(folder).toSorted()).toEqual(['directory', 'pipe'])
    expect(statSync(pipe).isFIFO()).toBe(true)
  })

  test('removes what a killed writer left, and nothing else', () => {
    const strays = ['.claviger-0123456789abcdef', '.claviger-fedcba9876543210']
    const others = ['.claviger-notes', 'file.tmp']
    for (const name of [...strays, ...others]) writeFileSync(join(folder, name), 'x')
    writeFileIfChanged(join(folder, 'file'), Buffer.from('x'), options)
    expect(readdirSync(folder).toSorted()).toEqual([...others, 'file'].toSorted())
  })

  test('keeps the file that it replaces, whatever there was before', () => {
    const path = join(folder, 'file')
    const backup = { ...options, backup: true }
    writeFileIfChanged(path, Buffer.from('one'), backup)
    expect(readdirSync(folder)).toEqual(['file'])
    // As a writer leaves it that is killed between its two renames.
    linkSync(path, `${path}.bak`)
    for (const [next, old] of [
      ['two', 'one'],
      ['three', 'two'],
    ] as const) {
      writeFileIfChanged(path, Buffer.from(next), backup)
      expect(readFileSync(path, 'utf8')).toBe(next)
      expect(readFileSync(`${path}.bak`, 'utf8')).toBe(old)
      expect(readdirSync(folder).toSorted()).toEqual(['file', 'file.bak'])
    }
  })

  test('refuses an owner that the system does not know, and writes nothing', () => {
    const path = join(folder, 'file')
    const foreign = { ...options, user: 'nobody-of-that-name' }
    expect(() => writeFileIfChanged(path, Buffer.from('x'), foreign)).toThrow('unknown user')
    expect(readdirSync(folder)).toEqual([])
  })
})

/** Only root can give files away. */
const asRoot = process.getuid?.() === 0 ? test : test.skip

describe('the owner of a file', () => {
  asRoot.each([
    ['as asked for', { user: '1234', group: '4321' }, [1234, 4321]],
    ['else that of the file before', {}, [1111, 2222]],
    ['each for itself', { group: '4321' }, [1111, 4321]],
    ['by its name', { user: 'root' }, [0, 2222]],
  ])('is %s', (_, wanted, expected) => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old')
    chownSync(path, 1111, 2222)
    writeFileIfChanged(path, Buffer.from('new'), { ...options, ...wanted })
    expect([statSync(path).uid, statSync(path).gid]).toEqual(expected)
  })

  asRoot('is mended without a write when the bytes are the same', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'same')
    const { ino } = statSync(path)
    const wanted = { ...options, user: '1234' }
    expect(writeFileIfChanged(path, Buffer.from('same'), wanted)).toBe(false)
    expect([statSync(path).uid, statSync(path).ino]).toEqual([1234, ino])
  })

  asRoot('is not mended on a file that has another name elsewhere', () => {
    const path = join(folder, 'file')
    writeFileSync(join(folder, 'other'), 'same')
    linkSync(join(folder, 'other'), path)
    writeFileIfChanged(path, Buffer.from('same'), { ...options, user: '1234' })
    expect(statSync(join(folder, 'other')).uid).toBe(0)
  })
})

describe('replaceFile', () => {
  test('takes the place of what is there, with its own mode', () => {
    const path = join(folder, 'file')
    writeFileSync(path, 'old', { mode: 0o644 })
    replaceFile(path, Buffer.from('new'), 0o600)
    expect([readFileSync(path, 'utf8'), modeOf(path)]).toEqual(['new', 0o600])
  })

  test('leaves nothing behind when it fails', () => {
    mkdirSync(join(folder, 'directory/child'), { recursive: true })
    expect(() => replaceFile(join(folder, 'directory'), Buffer.from('x'), 0o600)).toThrow('EISDIR')
    expect(readdirSync(folder)).toEqual(['directory'])
  })
})
