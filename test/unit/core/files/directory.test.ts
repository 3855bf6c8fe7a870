import {
  chmodSync,
  chownSync,
  lchownSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { openDirectory } from '../../../../core/files/directory.ts'

let folder = ''
const path = (...parts: readonly string[]) => join(folder, ...parts)
beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'claviger-directory-')))
  mkdirSync(path('real/deep'), { recursive: true })
  writeFileSync(path('real/deep/file'), 'found')
})
afterEach(() => rmSync(folder, { recursive: true }))

function find(name: string): string {
  const directory = openDirectory(name, false)
  try {
    return readFileSync(directory.at('file'), 'utf8')
  } finally {
    directory.close()
  }
}

const refused = expect.objectContaining({
  code: 'write_failed',
  facts: expect.objectContaining({ reason: expect.stringContaining('symbolic link') }),
})
const asRoot = process.getuid?.() === 0 ? test : test.skip

describe('a directory on the way', () => {
  test('may be a link of our own, relative or absolute, to another link', () => {
    symlinkSync('real', path('relative'))
    symlinkSync(path('relative/deep'), path('absolute'))
    symlinkSync('../real/../relative', path('real/up'))
    expect(find(path('relative/deep'))).toBe('found')
    expect(find(path('absolute'))).toBe('found')
    expect(find(path('real/up/deep/'))).toBe('found')
    expect(find(path('real/./deep/../deep'))).toBe('found')
  })

  test('may not be a link in a directory that others can write', () => {
    symlinkSync('real', path('link'))
    chmodSync(folder, 0o777)
    expect(() => find(path('link/deep'))).toThrow(refused)
    chmodSync(folder, 0o770)
    expect(() => find(path('link/deep'))).toThrow(refused)
    expect(find(path('real/deep'))).toBe('found')
  })

  test('may not be a link below a directory that others can write', () => {
    mkdirSync(path('shared/own'), { recursive: true })
    symlinkSync(path('real'), path('shared/own/link'))
    chmodSync(path('shared'), 0o777)
    expect(() => find(path('shared/own/link/deep'))).toThrow(refused)
  })

  test('may be a link of our own in a sticky directory', () => {
    symlinkSync('real', path('link'))
    chmodSync(folder, 0o1777)
    expect(find(path('link/deep'))).toBe('found')
  })

  asRoot.each([
    ['the link', () => lchownSync(path('link'), 1234, 1234)],
    ['its directory', () => chownSync(folder, 1234, 1234)],
  ])('may not be a link when %s belongs to somebody else', (_, give) => {
    symlinkSync('real', path('link'))
    give()
    expect(() => find(path('link/deep'))).toThrow(refused)
  })

  test('may not be a link to itself', () => {
    symlinkSync('loop', path('loop'))
    expect(() => find(path('loop'))).toThrow(refused)
  })

  test('must be a directory', () => {
    expect(() => find(path('real/deep/file/more'))).toThrow('ENOTDIR')
    expect(() => find(path('real/deep/file'))).toThrow('ENOTDIR')
  })
})

test('what is missing is made only when asked for', () => {
  expect(() => openDirectory(path('a/b'), false)).toThrow('ENOENT')
  openDirectory(path('a/b'), true).close()
  openDirectory(path('a/b'), false).close()
})

test('a held directory is the same one after its name has gone to another', () => {
  const held = openDirectory(path('real/deep'), false)
  renameSync(path('real'), path('moved'))
  mkdirSync(path('elsewhere/deep'), { recursive: true })
  symlinkSync('elsewhere', path('real'))
  writeFileSync(held.at('new'), 'x')
  held.close()
  expect(readFileSync(path('moved/deep/new'), 'utf8')).toBe('x')
})
