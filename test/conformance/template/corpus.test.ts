import { spawnSync } from 'node:child_process'
import { mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { parseTemplate, renderTemplate } from '../../../core/template/template.ts'
import { digestCorpus } from '../../support/corpus.ts'

const folder = import.meta.dirname
const own = new Set(['corpus.test.ts', 'manifest.json', 'uncovered.json'])

const readJson = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Case → why it fails, one of `reasons`; docs/templates.md argues each. */
const uncovered = readJson('uncovered.json')
const reasons = new Set([
  // A strict template is rendered once its secrets are known; the reference fails before they are.
  'deliberate',
  // The text of the store's refusal is never repeated.
  'upstream',
])

test('the copy of the corpus is whole', () => {
  expect(digestCorpus(folder, own)).toEqual(readJson('manifest.json'))
})

test('every case that fails is argued', () => {
  const given = new Set(Object.values(uncovered))
  expect([...given].filter((reason) => !reasons.has(reason))).toEqual([])
})

test('the functions of Consul and Nomad parse, and fail saying why', () => {
  const names = readFileSync(join(folder, 'cases/unsupported.jsonl'), 'utf8')
    .trimEnd()
    .split('\n')
    .map((line): { readonly function: string } => JSON.parse(line))
  expect(names.length).toBeGreaterThan(20)
  for (const { function: name } of names) {
    const template = parseTemplate({ name: '', text: `{{ ${name} }}` })
    expect(() => renderTemplate(template, { secret: () => undefined })).toThrow(
      new RegExp(`${name}.*: it asks (?:Consul|Nomad)`),
    )
  }
})

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

  test('passes all of every group but for those', () => {
    const groups = Array.from(report.matchAll(/^(\S+) +\d+ \/ \d+$/gm), ([, group = '']) => group)
    expect(groups.length).toBeGreaterThan(40)
    for (const group of groups) {
      const excused = Object.keys(uncovered).filter(
        (id) => id.replace(/-\d+$/, '') === group,
      ).length
      const { passed, total } = countsOf(group)
      expect({ group, passed: passed + excused }).toEqual({ group, passed: total })
    }
  })

  function countsOf(group: string): { readonly passed: number; readonly total: number } {
    const line = new RegExp(`^${group} +(\\d+) / (\\d+)$`, 'm').exec(report)
    return { passed: Number(line?.[1]), total: Number(line?.[2]) }
  }
})
