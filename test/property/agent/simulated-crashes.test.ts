/** Simulated days with one crash at every place, one stop at every moment, and with or without jumps of the wall clock. */
import { describe, expect, test } from '@jest/globals'
import { checkDay } from '../../support/simulation/check-days.ts'
import { planDay } from '../../support/simulation/day-plan.ts'
import type { Entry } from '../../support/simulation/history.ts'
import { simulateDay } from '../../support/simulation/simulate-day.ts'
import { hour } from '../../support/simulation/timetable.ts'

/** With several files, sinks and commands, and with state. */
const eventful = [17, 35, 52, 57]

describe('wherever it is killed once, the agent goes on as if nothing had happened', () => {
  test.each(eventful)('seed %i', async (seed) => {
    const plan = planDay(seed, 6 * hour)
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
      const plan = { ...planDay(seed, ms), revokeOnShutdown: true }
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

function outline(entries: readonly Entry[]): readonly string[] {
  return entries.map(({ at, kind }) => `${at} ${kind}`)
}
