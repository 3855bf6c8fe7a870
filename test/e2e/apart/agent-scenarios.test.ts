/** The recorded behaviour of Vault Agent, scenario by scenario, on real Vaults of the runner's own. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from '@jest/globals'
import { allScenarios, ourAgent, runScenarios } from '../../support/agent-scenarios.ts'
import { repository } from '../settings.ts'
import { goProgram } from '../tools/go-programs.ts'

const list = join(repository, 'test/conformance/agent/deviations.json')
/** Scenario → why we behave differently on purpose. */
const deviations: Readonly<Record<string, string>> = JSON.parse(readFileSync(list, 'utf8'))

/** Beside the cluster, which is at rest but not without work. */
const jobs = 3

test('every scenario is behaved as recorded', async () => {
  const run = { agent: ourAgent, vault: goProgram('vault'), ids: allScenarios(), jobs }
  const { passed, failed, output } = await runScenarios(run)
  console.log(output.trimEnd().split('\n').at(-1))
  if (failed.some((id) => deviations[id] === undefined)) throw new Error(output)
  expect(failed).toEqual(Object.keys(deviations).sort())
  expect([...passed, ...failed].sort()).toEqual(allScenarios())
}, 1_200_000)
