import {
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
import { writeFileIfChanged } from '../../../core/atomic-write.ts'

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
})
