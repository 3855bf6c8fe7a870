import { spawnSync } from 'node:child_process'
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  realpathSync,
  renameSync,
  rmSync,
  statSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { readLocalFile } from '../../../../core/machine/read-file.ts'
import { writeLocalFile } from '../../../../core/machine/write-file.ts'
import type { PathPolicy } from '../../../../core/template/policy.ts'

let folder = ''
let inside: PathPolicy = { kind: 'denied' }
const path = (...parts: readonly string[]) => join(folder, ...parts)

beforeEach(() => {
  folder = realpathSync(mkdtempSync(join(tmpdir(), 'claviger-files-')))
  mkdirSync(path('root/sub'), { recursive: true })
  mkdirSync(path('rootage'))
  writeFileSync(path('root/plain'), 'plain')
  writeFileSync(path('root/sub/deep'), 'deep')
  writeFileSync(path('outside'), 'stolen')
  writeFileSync(path('rootage/near'), 'stolen')
  inside = { kind: 'roots', roots: [path('root')] }
})

afterEach(() => rmSync(folder, { recursive: true }))

const read = (...parts: readonly string[]) => {
  const answer = readLocalFile(path(...parts), inside)
  return answer.kind === 'text' ? answer.text : answer.kind === 'failed' ? `! ${answer.reason}` : ''
}

describe('what a template may read', () => {
  test('files below a root, however they are spelled', () => {
    expect(read('root/plain')).toBe('plain')
    expect(read('root/sub/../sub/./deep')).toBe('deep')
    expect(read('rootage/../root/plain')).toBe('plain')
  })

  test('nothing beside it', () => {
    expect(read('outside')).toBe('! is outside of sandbox')
    expect(read('root/../outside')).toBe('! is outside of sandbox')
    expect(read('rootage/near')).toBe('! is outside of sandbox')
    expect(read('root')).toBe('! is outside of sandbox')
  })

  test('links that stay below the root, as in a mounted ConfigMap', () => {
    mkdirSync(path('root/..2026'))
    writeFileSync(path('root/..2026/key'), 'value')
    symlinkSync('..2026', path('root/..data'))
    symlinkSync('..data/key', path('root/key'))
    symlinkSync(path('root/sub/deep'), path('root/absolute'))
    symlinkSync('../plain', path('root/sub/up'))
    expect(read('root/key')).toBe('value')
    expect(read('root/absolute')).toBe('deep')
    expect(read('root/sub/up')).toBe('plain')
  })

  test.each([
    ['to a file', () => symlinkSync('../outside', path('root/link'))],
    ['to a file, absolute', () => symlinkSync(path('outside'), path('root/link'))],
    [
      'to the root directory',
      () => symlinkSync(`${'../'.repeat(20)}${path('outside')}`, path('root/link')),
    ],
    [
      'by way of a directory',
      () => {
        symlinkSync('..', path('root/up'))
        symlinkSync('up/outside', path('root/link'))
      },
    ],
    [
      'through another link',
      () => {
        symlinkSync('second', path('root/link'))
        symlinkSync('sub/../../outside', path('root/second'))
      },
    ],
  ])('no link that leads out: %s', (_, prepare) => {
    prepare()
    expect(read('root/link')).toBe('! is outside of sandbox')
  })

  test('the real directory, where the root itself is a link', () => {
    symlinkSync('root', path('alias'))
    inside = { kind: 'roots', roots: [path('alias')] }
    expect(read('alias/plain')).toBe('plain')
    expect(read('root/plain')).toBe('plain')
  })

  test('no loop, no directory, no device, nothing that is missing', () => {
    symlinkSync('loop', path('root/loop'))
    spawnSync('mkfifo', [path('root/fifo')])
    expect(read('root/loop')).toBe('! has too many levels of symbolic links')
    expect(read('root/sub')).toBe('! is a directory')
    expect(read('root/fifo')).toBe('! is not a regular file')
    expect(read('root/none')).toBe('! no such file or directory')
    expect(read('root/plain/x')).toBe('! is not a directory')
  })

  test('the file that was looked at, even while others change the directory', () => {
    linkSync(path('root/plain'), path('root/target'))
    for (let count = 0; count < 200; count++) {
      unlinkSync(path('root/target'))
      if (count % 2 === 0) symlinkSync('../outside', path('root/target'))
      else linkSync(path('root/plain'), path('root/target'))
      expect(['plain', '! is outside of sandbox']).toContain(read('root/target'))
    }
    renameSync(path('root/target'), path('root/moved'))
    expect(read('root/moved')).toBe('plain')
  })

  test('anything or nothing, as the policy says', () => {
    expect(readLocalFile(path('outside'), { kind: 'anywhere' })).toEqual({
      kind: 'text',
      text: 'stolen',
    })
    expect(readLocalFile(path('root/plain'), { kind: 'denied' }).kind).toBe('failed')
    expect(readLocalFile('/dev/zero', { kind: 'anywhere' })).toMatchObject({
      reason: 'is not a regular file',
    })
  })
})

describe('what a template may write', () => {
  const write = (place: string, content = 'new', changes = {}) =>
    writeLocalFile(
      {
        where: 'template: t:1:2',
        path: path(place),
        user: '',
        group: '',
        mode: 0o640,
        append: false,
        content,
        ...changes,
      },
      inside,
    )

  test('files below a root, in directories that are made', () => {
    write('root/new/dir/file')
    expect(readFileSync(path('root/new/dir/file'), 'utf8')).toBe('new')
    expect(statSync(path('root/new/dir/file')).mode & 0o7777).toBe(0o640)
  })

  test('over what was there, or behind it', () => {
    write('root/plain', 'x')
    write('root/plain', 'y', { append: true, mode: 0o600 })
    expect(readFileSync(path('root/plain'), 'utf8')).toBe('xy')
    expect(statSync(path('root/plain')).mode & 0o7777).toBe(0o600)
  })

  test.each([
    ['beside it', () => undefined, 'outside'],
    ['through a link', () => symlinkSync('../outside', path('root/link')), 'root/link'],
    [
      'through a directory that is a link',
      () => symlinkSync('..', path('root/up')),
      'root/up/outside',
    ],
    ['over a directory', () => undefined, 'root/sub'],
  ])('nothing %s', (_, prepare, place) => {
    prepare()
    expect(() => write(place)).toThrow(expect.objectContaining({ code: 'write_failed' }))
    expect(readFileSync(path('outside'), 'utf8')).toBe('stolen')
  })

  test('anywhere, but not through links', () => {
    inside = { kind: 'anywhere' }
    write('outside', 'x')
    expect(readFileSync(path('outside'), 'utf8')).toBe('x')
    symlinkSync('outside', path('link'))
    symlinkSync('root', path('linked'))
    expect(() => write('link')).toThrow()
    expect(() => write('linked/plain')).toThrow()
    expect(readFileSync(path('root/plain'), 'utf8')).toBe('plain')
  })

  test('for a user that exists, or whose number is given', () => {
    const own = String(process.getuid?.() ?? 0)
    write('root/plain', 'x', { user: own, group: own })
    expect(() => write('root/plain', 'x', { user: 'nobody-of-that-name' })).toThrow('unknown user')
  })
})
