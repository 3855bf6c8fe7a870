/**
 * The agent's days in a simulated world, 10,000 of them, each from a seed; in a fifth of them its sidecar runs under the model of the waiter, in a fifth a part of its secrets lies in a store beside Vault. A finding names its seed;
 * `SIMULATION_SEED=42 node scripts/run-jest.ts --selectProjects property -- agent/simulation.test` prints that day. A seed
 * that has failed goes into the table below; what it shows holds as long as the plans of days are drawn as they are now.
 */
import { describe, expect, test } from '@jest/globals'
import { checkDay, replayDay } from '../../support/simulation/check-days.ts'
import { checkDaysAside } from '../../support/simulation/check-days-aside.ts'
import { planVaultDay } from '../../support/simulation/day-plan.ts'

describe('whatever befalls it in a day, the agent keeps its invariants', () => {
  test.each([1, 1001, 2001, 3001, 4001, 5001, 6001, 7001, 8001, 9001])(
    '1,000 days from seed %i on',
    async (first) => {
      expect(await checkDaysAside({ first, count: 1000 })).toEqual([])
    },
  )
})

test('1,000 agents that hibernate keep them for 24 hours', async () => {
  const changes = { hibernates: true, hasState: true }
  expect(await checkDaysAside({ first: 20_001, count: 1000, changes })).toEqual([])
})

describe('days that went wrong once', () => {
  test.each([
    [5, 'a command was run again while its end was being noted'],
    [6, 'the agent turned in circles while a command was run a second time'],
    [91, 'a slow answer shortened the pause that Retry-After had asked for'],
    [112, 'a command that had failed was forgotten until something else was due'],
    [205, 'a crash before a wrapped token was written left it unwritten'],
    [609, 'the pause after a failing renewal was longer than the rest of the lease'],
    [911, 'a lease near its end was replaced at once although the store had asked for time'],
    [993, 'the absence of an optional secret used up the retries'],
    [8258, 'a process was killed right after it had put a spoiled file right'],
    [6563, 'what a dead token had been refused was not asked for under the next one'],
  ])('seed %i: %s', async (seed) => {
    for (const hibernates of [false, true]) {
      expect(await checkDay({ ...planVaultDay(seed), hibernates })).toEqual([])
    }
  })
})

const replayed = process.env['SIMULATION_SEED']
if (replayed !== undefined) {
  test(`the day of seed ${replayed}`, async () => {
    process.stdout.write(`${await replayDay(Number(replayed))}\n`)
  })
}
