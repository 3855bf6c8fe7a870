import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { parseTemplate } from '../../../core/template/template.ts'
import { digestCorpus } from '../../support/corpus.ts'

const folder = import.meta.dirname
const own = new Set(['corpus.test.ts', 'manifest.json', 'uncovered.json'])

const readJson = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Case → why it fails: a function that is not in the table, or one of `otherReasons`. */
const uncovered = readJson('uncovered.json')
const otherReasons = new Set([
  // A strict template is rendered once its secrets are known; the reference fails before they are.
  'deliberate',
  // The text of the store's refusal is never repeated.
  'upstream',
  // Methods and printing of Go's time.Time.
  'time',
])

test('the copy of the corpus is whole', () => {
  expect(digestCorpus(folder, own)).toEqual(readJson('manifest.json'))
})

test.each([...new Set(Object.values(uncovered))].filter((reason) => !otherReasons.has(reason)))(
  '%s, for which cases are excused, is really unknown',
  (name) => {
    const text = `{{ ${name} }}`
    expect(() => parseTemplate({ name: '', text })).toThrow(`function "${name}" not defined`)
  },
)

describe('claviger template run --jsonl', () => {
  let report = ''

  beforeAll(() => {
    // Into a file: a pipe would lose what is unread when the checker exits.
    const file = join(mkdtempSync(join(tmpdir(), 'claviger-corpus-')), 'report')
    const engine = `"${process.execPath}" dist/claviger.cjs template run --jsonl`
    const options = ['--engine', engine, '--show', '100000', '--timeout', '120']
    spawnSync(process.execPath, [join(folder, 'check.mjs'), ...options], {
      stdio: ['ignore', openSync(file, 'w'), 'inherit'],
    })
    report = readFileSync(file, 'utf8')
    rmSync(dirname(file), { recursive: true })
  }, 150_000)

  test('fails exactly the cases that are listed', () => {
    const failed = Array.from(report.matchAll(/^FAIL (\S+)/gm), ([, id]) => id)
    expect(failed.toSorted()).toEqual(Object.keys(uncovered).toSorted())
  })

  test.each(['encoding', 'env', 'escape', 'lexer', 'number', 'pipeline', 'string'])(
    'passes all of group %s',
    (group) => {
      const { passed, total } = countsOf(group)
      expect(total).toBeGreaterThan(0)
      expect(passed).toBe(total)
    },
  )

  test('passes all of group real that uses known functions only', () => {
    const { passed, total } = countsOf('real')
    const excused = Object.keys(uncovered).filter((id) => id.startsWith('real-')).length
    expect(passed).toBeGreaterThan(excused)
    expect(passed + excused).toBe(total)
  })

  function countsOf(group: string): { readonly passed: number; readonly total: number } {
    const line = new RegExp(`^${group} +(\\d+) / (\\d+)$`, 'm').exec(report)
    return { passed: Number(line?.[1]), total: Number(line?.[2]) }
  }
})
