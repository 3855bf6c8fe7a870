/** Herds of 1,000 agents with the real step function: rows F-42 to F-44 of docs/agent-faults.md, and an outage after which nobody floods. */
import { describe, expect, test } from '@jest/globals'
import type { PhaseFigures } from '../../bench/fleet/fleet-figures.ts'
import { type FleetPlan, hour, minute, planHour, second } from '../../bench/fleet/fleet-plan.ts'
import { simulateFleet } from '../../bench/fleet/simulate-fleet.ts'

const agents = 1000
const rolledOut = [{ atMs: 0, spreadMs: 10 * minute }]
const atOnce = [{ atMs: 0, spreadMs: 0 }]
const seeds = [1, 2]

/** `phases`: from and to, in milliseconds. */
async function simulate(
  changes: Partial<FleetPlan>,
  phases: readonly (readonly [number, number])[],
): Promise<readonly PhaseFigures[]> {
  const plan: FleetPlan = {
    ...planHour(agents),
    outages: [],
    ...changes,
    phases: phases.map(([fromMs, toMs]) => ({ name: `${fromMs}`, fromMs, toMs })),
    lengthMs: Math.max(...phases.map(([, toMs]) => toMs)),
  }
  const { phases: figures, behind } = await simulateFleet({ kind: 'claviger', plan, threads: 1 })
  expect(behind).toBe(0)
  return figures
}

/** How many a store is asked in its busiest second by agents that were started over ten minutes. */
async function restingPeak(seed: number): Promise<number> {
  const [rest] = await simulate({ seed, starts: rolledOut }, [[20 * minute, 50 * minute]])
  return rest?.peakPerSecond ?? Number.NaN
}

describe.each(seeds)('1,000 agents, seed %i', (seed) => {
  test('F-42: started at once, each logs in once and reads once, and they do not meet again', async () => {
    const [start, later] = await simulate({ seed, starts: atOnce }, [
      [0, minute],
      [minute, 30 * minute],
    ])
    expect(start).toMatchObject({ requests: 2 * agents, refreshed: agents, lastFreshMs: 0 })
    expect(later?.byKind.login).toBe(0)
    expect(later?.peakPerSecond).toBeLessThanOrEqual(2 * (await restingPeak(seed)))
  })

  test('F-42: started before the store, they come to it spread out', async () => {
    const outages = [{ fromMs: 0, toMs: 30 * second, answer: 'unavailable' }] as const
    const [back] = await simulate({ seed, starts: atOnce, outages }, [[30 * second, 5 * minute]])
    expect(back?.peakLoginsPerSecond).toBeLessThanOrEqual(100)
    expect(back?.refreshed).toBe(agents)
    expect(back?.lastFreshMs).toBeLessThanOrEqual(64 * second)
  })

  test.each([undefined, 1, 30])('F-44: 50 requests a second, Retry-After %p s', async (waitS) => {
    const quota = {
      perSecond: 50,
      retryAfterMs: waitS === undefined ? undefined : waitS * second,
    }
    const [start] = await simulate({ seed, starts: atOnce, quota }, [[0, 5 * minute]])
    const { p50 = 0, p99 = Number.NaN } = start?.waitMs ?? {}
    expect(start?.refreshed).toBe(agents)
    expect(start?.lastFreshMs).toBeLessThanOrEqual(5 * minute)
    expect(p99 / p50).toBeLessThan(4)
  })
})

test.each([
  ['tokens outlive it', 24 * hour, minute],
  ['tokens end in it', hour, 5 * minute],
])('F-43: the store is back after an hour, %s', async (_, tokenTtlMs, patienceMs) => {
  const outages = [{ fromMs: 15 * minute, toMs: 75 * minute, answer: 'refused' }] as const
  const [back, later] = await simulate({ seed: 1, starts: rolledOut, tokenTtlMs, outages }, [
    [75 * minute, 85 * minute],
    [85 * minute, 105 * minute],
  ])
  const peak = await restingPeak(1)
  expect(back?.refreshed).toBe(agents)
  expect(back?.lastFreshMs).toBeLessThanOrEqual(patienceMs)
  expect(back?.peakPerSecond).toBeLessThanOrEqual(3 * peak)
  expect(later?.peakPerSecond).toBeLessThanOrEqual(2 * peak)
})

test('the same seed, the same figures, in any number of threads', async () => {
  const plan: FleetPlan = { ...planHour(3000), lengthMs: 12 * minute, secrets: 3 }
  const run = (threads: number) => simulateFleet({ kind: 'vault-agent', plan, threads })
  expect(await run(2)).toEqual(await run(0))
})
