import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import { digestCorpus } from '../../support/corpus.ts'
import { replayCorpus, type Verdict } from './replay.ts'

const folder = import.meta.dirname
const own = new Set(['webhook.test.ts', 'replay.ts', 'manifest.json', 'deviations.json'])

const readJson = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Case → why we answer differently on purpose. */
const deviations = readJson('deviations.json')

test('the copy of the corpus is whole', () => {
  expect(digestCorpus(folder, own)).toEqual(readJson('manifest.json'))
})

test('deviations are few, have reasons, and are about HTTP and starting only', () => {
  expect(Object.keys(deviations).length).toBeLessThanOrEqual(10)
  for (const [id, reason] of Object.entries(deviations)) {
    expect(id).toMatch(/^(?:handler|startup)\//)
    expect(reason).toMatch(/\w.*\.$/)
  }
})

describe('agent-inject -profile=vault-k8s', () => {
  let verdicts: readonly Verdict[] = []

  beforeAll(async () => {
    verdicts = await replayCorpus()
  }, 300_000)

  test('answers every case of the corpus', () => {
    const cases = readdirSync(join(folder, 'cases'), { recursive: true, encoding: 'utf8' })
    const ids = cases.flatMap((file) => /^(.+)\.json$/.exec(file)?.[1] ?? [])
    expect(verdicts.map(({ id }) => id)).toEqual(ids.toSorted())
  })

  test('differs from the recorded answers in the listed cases and no others', () => {
    const failed = verdicts.filter(({ passed }) => !passed)
    expect(failed.map(({ id }) => id)).toEqual(Object.keys(deviations).toSorted())
  })

  test('never differs in the shape of a pod', () => {
    const paths = verdicts.flatMap(({ difference }) => difference?.path ?? [])
    expect(paths.filter((path) => /^\/(?:pod|config|patched|allowed)\b/.test(path))).toEqual([])
  })
})
