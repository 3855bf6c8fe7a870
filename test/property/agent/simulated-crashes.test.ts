/** Simulated days with one crash at every place, one stop at every moment, and with or without jumps of the wall clock. */
import { describe, expect, test } from '@jest/globals'
import { checkDay } from '../../support/simulation/check-days.ts'
import { planDay, planVaultDay } from '../../support/simulation/day-plan.ts'
import type { Entry } from '../../support/simulation/history.ts'
import { simulateDay } from '../../support/simulation/simulate-day.ts'
import { hour, minute } from '../../support/simulation/timetable.ts'

/** With several files, sinks and commands, and with state; the second with a store beside Vault. */
const eventful = [
  planVaultDay(17, 6 * hour),
  planDay(35, 6 * hour),
  planVaultDay(52, 6 * hour),
  planVaultDay(57, 6 * hour),
]

describe('wherever it is killed once, the agent goes on as if nothing had happened', () => {
  test.each(
    eventful.flatMap((plan) => [
      { ...plan, hibernates: false },
      { ...plan, hibernates: true },
    ]),
  )('seed $seed, hibernates: $hibernates', async (plan) => {
    let last = 0
    const kills = (moment: number) => {
      last = moment
      return false
    }
    expect(await checkDay(plan, { hasTroubles: false, kills })).toEqual([])
    expect(last).toBeGreaterThan(50)
    for (let kill = 1; kill <= last; kill++) {
      const options = { hasTroubles: false, kills: (moment: number) => moment === kill }
      const findings = await checkDay(plan, options)
      expect({ kill, findings }).toEqual({ kill, findings: [] })
    }
  })
})

test('whenever it is stopped, the agent revokes the token that it has or is just given', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    for (let ms = 1; ms <= 90; ms += 3) {
      const plan = { ...planDay(seed, ms), revokeOnShutdown: true, hibernates: false }
      const findings = await checkDay(plan, { hasTroubles: false, kills: () => false })
      expect({ seed, ms, findings }).toEqual({ seed, ms, findings: [] })
    }
  }
})

test('the same seed makes the same day', async () => {
  for (let seed = 1; seed <= 20; seed++) {
    const plan = planDay(seed)
    expect(outline(await simulateDay(plan))).toEqual(outline(await simulateDay(plan)))
  }
})

test('I12: jumps of the wall clock change nothing', async () => {
  let jumps = 0
  for (let seed = 1; seed <= 300; seed++) {
    const plan = planDay(seed)
    const jumping = await simulateDay(plan)
    const others = jumping.filter(({ kind }) => kind !== 'wall clock')
    if (others.length === jumping.length) continue
    jumps += jumping.length - others.length
    expect(outline(others)).toEqual(outline(await simulateDay(plan, { hasWallJumps: false })))
  }
  expect(jumps).toBeGreaterThan(20)
})

test('an agent that hibernates runs for a small part of its day', async () => {
  const spent: number[] = []
  for (let seed = 1; seed <= 20; seed++) {
    const plan = { ...planDay(seed), hibernates: true, hasState: true, killProbability: 0 }
    spent.push(awakeMs(await simulateDay(plan, { hasTroubles: false })))
  }
  const [median = 0] = spent.toSorted((left, right) => left - right).slice(10)
  expect(median).toBeLessThan(5 * minute)
})

/** How long processes of the sidecar ran. */
function awakeMs(entries: readonly Entry[]): number {
  let spent = 0
  let since: number | undefined
  for (const { kind, at } of entries) {
    if (kind === 'process started' || kind === 'woken') since = at
    if ((kind === 'rested' || kind === 'process ended') && since !== undefined) {
      spent += at - since
      since = undefined
    }
  }
  return spent
}

function outline(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ at, kind }) => `${at} ${kind}`)
}
