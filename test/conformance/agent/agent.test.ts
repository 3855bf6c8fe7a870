import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import {
  allScenarios,
  ourAgent,
  runScenarios,
  type ScenarioResults,
  writeEmbeddedVault,
} from '../../support/agent-scenarios.ts'
import { digestCorpus } from '../../support/corpus.ts'

const folder = import.meta.dirname
const own = new Set(['agent.test.ts', 'manifest.json', 'deviations.json', 'needs-real-vault.json'])

const readJson = (name: string): Record<string, string> =>
  JSON.parse(readFileSync(join(folder, name), 'utf8'))

/** Scenario → why we behave differently on purpose. */
const deviations = readJson('deviations.json')
/** Scenario → what the development store lacks; the end-to-end suite runs these too. */
const needsRealVault = readJson('needs-real-vault.json')

/** The scenarios wait most of the time, and their bounds leave room for two agents on a processor; other tests may have the second. */
const jobs = 2

test('the copy of the corpus is whole', () => {
  expect(digestCorpus(folder, own)).toEqual(readJson('manifest.json'))
})

test('what is excused is a scenario, and has a reason', () => {
  for (const [id, reason] of Object.entries({ ...deviations, ...needsRealVault })) {
    expect(allScenarios()).toContain(id)
    expect(reason).toMatch(/\w.*\.$/)
  }
})

describe('the agent on the development store', () => {
  const ids = allScenarios().filter((id) => needsRealVault[id] === undefined)
  let results: ScenarioResults

  beforeAll(async () => {
    const programs = mkdtempSync(join(tmpdir(), 'claviger-vault-'))
    const vault = writeEmbeddedVault(programs)
    results = await runScenarios({ agent: ourAgent, vault, ids, jobs })
    rmSync(programs, { recursive: true })
  }, 600_000)

  test('behaves as recorded, but for the listed deviations', () => {
    const unexpected = results.failed.filter((id) => deviations[id] === undefined)
    if (unexpected.length > 0) throw new Error(`${unexpected.join(', ')}:\n${results.output}`)
    expect([...results.passed, ...results.failed].sort()).toEqual(ids)
  })

  test('still deviates where it is listed to', () => {
    expect(results.failed).toEqual(Object.keys(deviations).sort())
  })
})
