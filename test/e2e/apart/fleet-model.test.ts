/** The simulated fleets of `test/bench/fleet` send what real agents send: a dozen of ours and a dozen stock ones, few enough for a busy machine, in a minute of real time. Needs no cluster. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { DemoStore } from '../../../cli/demo/store.ts'
import { type FleetPlan, type Kind, second } from '../../bench/fleet/fleet-plan.ts'
import { type Asked, askedKinds } from '../../bench/fleet/fleet-store.ts'
import { simulateFleet } from '../../bench/fleet/simulate-fleet.ts'
import { paths, repository } from '../settings.ts'
import { openStore, type RealFleet, runRealFleet, type SeenFleet } from '../support/real-fleet.ts'

/** Tokens are renewed in the outage, once: it ends before the stock agent tries again. */
const plan: FleetPlan = {
  agents: 12,
  seed: 1,
  secrets: 2,
  hasInit: false,
  tokenTtlMs: 54 * second,
  staticIntervalMs: 6 * second,
  starts: [{ atMs: 0, spreadMs: 0 }],
  outages: [{ fromMs: 32 * second, toMs: 43 * second, answer: 'unavailable' }],
  quota: undefined,
  phases: [
    { name: 'start', fromMs: 0, toMs: 12 * second },
    { name: 'at rest', fromMs: 12 * second, toMs: 32 * second },
    { name: 'outage', fromMs: 32 * second, toMs: 43 * second },
    { name: 'recovery', fromMs: 43 * second, toMs: 56 * second },
  ],
  lengthMs: 56 * second,
}

/** Simulated agents for each real one, started when it was: so many that chance hardly matters. */
const modelled = 100

/**
 * A fifth, or four standard deviations of a number that chance makes, whichever is more, and a few agents more or less at the edge of a
 * phase: forty numbers are compared in each run, and none may differ by chance alone.
 */
const tolerance = (expected: number) => Math.max(0.2 * expected, 4 * Math.sqrt(expected)) + 6

const root = mkdtempSync(join(tmpdir(), 'claviger-fleet-'))
let store: DemoStore
let seen: Readonly<Record<Kind, SeenFleet>>

beforeAll(async () => {
  store = await openStore(root, plan)
  const run = (kind: Kind, fleet: Pick<RealFleet, 'agent' | 'own'>) =>
    runRealFleet(store, { folder: join(root, kind), plan, ...fleet })
  const [ours, stock] = await Promise.all([
    run('claviger', {
      agent: [process.execPath, join(repository, 'dist/agent.cjs'), 'agent'],
      own: { claviger: {} },
    }),
    run('vault-agent', { agent: [join(paths.binaries, 'vault'), 'agent'], own: {} }),
  ])
  seen = { claviger: ours, 'vault-agent': stock }
}, 120_000)

afterAll(async () => {
  await store.close()
  rmSync(root, { recursive: true, force: true })
})

test.each<Kind>(['claviger', 'vault-agent'])('%s', async (kind) => {
  const { offsetsMs, counts } = seen[kind]
  const models = await Promise.all(
    offsetsMs.map((atMs) => {
      const starts = [{ atMs, spreadMs: 0 }]
      return simulateFleet({ kind, plan: { ...plan, agents: modelled, starts } })
    }),
  )
  const rows = plan.phases.flatMap(({ name }, index) =>
    askedKinds.map((asked: Asked) => {
      const ofEach = models.map(({ phases }) => (phases[index]?.byKind[asked] ?? 0) / modelled)
      const expected = ofEach.reduce((sum, mean) => sum + mean, 0)
      const sent = counts[index]?.[asked] ?? Number.NaN
      return { phase: `${name}: ${asked}`, sent, expected: Math.round(expected) }
    }),
  )
  console.log(
    rows.map(({ phase, sent, expected }) => `${phase} ${sent}, model ${expected}`).join('\n'),
  )
  const apart = rows.filter(
    ({ sent, expected }) => !(Math.abs(sent - expected) <= tolerance(expected)),
  )
  expect(apart).toEqual([])
})
