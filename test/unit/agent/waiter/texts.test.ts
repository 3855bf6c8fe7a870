import { mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals'
import { changedFiles, markFile, noFile } from '../../../../agent/waiter/file-marks.ts'
import { keepTexts, readKeptTexts } from '../../../../agent/waiter/kept-texts.ts'
import { replayTexts, TextReader } from '../../../../agent/waiter/texts.ts'

let folder: string
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'claviger-texts-'))
})
afterEach(() => rmSync(folder, { recursive: true }))

function write(name: string, content: string | Buffer): string {
  const path = join(folder, name)
  writeFileSync(path, content)
  return path
}

test('what was read once is read again from the kept file, to the byte', () => {
  const config = write('a.hcl', 'pid_file = "ä"')
  const template = write('t', Buffer.from([0, 255, 10]))
  const reader = new TextReader()
  reader.configFiles([folder])
  reader.template(template)
  const path = join(folder, 'kept')
  keepTexts(path, reader.texts)
  expect(statSync(path).mode & 0o777).toBe(0o600)
  rmSync(config)
  rmSync(template)
  const kept = readKeptTexts(path)
  if (kept === undefined) throw new Error('nothing kept')
  const replayed = replayTexts(kept)
  expect(replayed.configFiles([])).toEqual({
    kind: 'ok',
    value: [{ path: config, text: 'pid_file = "ä"' }],
  })
  expect(replayed.template(template)).toEqual(Buffer.from([0, 255, 10]))
  expect([...kept.marks.keys()]).toEqual([folder, config, template])
  expect(changedFiles(kept.marks)).toEqual([folder, config, template])
})

describe('a kept file that cannot be used is none', () => {
  test.each([
    ['missing', undefined],
    ['cut off', '{"version":1,'],
    ['of another version', '{"version":2,"config":[],"templates":[],"marks":[]}'],
    ['of another shape', '{"version":1,"config":[["a"]],"templates":[],"marks":[]}'],
  ])('%s', (_, text) => {
    const path = text === undefined ? join(folder, 'none') : write('kept', text)
    expect(readKeptTexts(path)).toBeUndefined()
  })
})

test('a mark changes with the content, the mode and the absence of a file', () => {
  const path = write('f', 'one')
  const first = markFile(path)
  expect(first).toMatch(/^\d+:\d+$/)
  expect(changedFiles(new Map([[path, first]]))).toEqual([])
  rmSync(path)
  expect(markFile(path)).toBe(noFile)
})
