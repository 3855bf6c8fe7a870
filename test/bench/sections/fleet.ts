/** A fleet of pods on one store, simulated: ours with the real step function, Vault Agent's with a model of its algorithm. */
import { availableParallelism } from 'node:os'
import type { PhaseFigures } from '../fleet/fleet-figures.ts'
import { planHour } from '../fleet/fleet-plan.ts'
import { simulateFleet } from '../fleet/simulate-fleet.ts'
import type { Bench } from '../measure/bench.ts'
import { type Findings, type Measure, pointOf } from '../report/results.ts'

const agents = 75_000

interface Row extends Pick<Measure, 'name' | 'title' | 'unit'> {
  readonly read: (phase: PhaseFigures) => number | undefined
}

const rows: readonly Row[] = [
  {
    name: 'mean',
    title: 'Requests per second, mean',
    unit: 'requests/s',
    read: ({ meanPerSecond }) => meanPerSecond,
  },
  {
    name: 'peak',
    title: 'Requests in the busiest second',
    unit: 'requests/s',
    read: ({ peakPerSecond }) => peakPerSecond,
  },
  {
    name: 'fresh',
    title: 'Until the last pod is fresh',
    unit: 's',
    read: ({ lastFreshMs }) => (lastFreshMs === undefined ? undefined : lastFreshMs / 1000),
  },
]

export async function benchFleet({ tell }: Bench): Promise<Findings> {
  const plan = planHour(agents)
  const threads = availableParallelism()
  tell('ours')
  const ours = await simulateFleet({ kind: 'claviger', plan, threads })
  tell('the stock agents')
  const stock = await simulateFleet({ kind: 'vault-agent', plan, threads })
  return {
    method: `A simulation: ${agents.toLocaleString('en')} pods with an init container and a sidecar, one KV version 2 secret each, read every 5 min, tokens of 1 h; an hour of rest, an outage of 5 min, and all pods replaced twice. Ours run the real step function, Vault Agent's a model of its algorithm; \`test/e2e/apart/fleet-model.test.ts\` holds both to a dozen real agents. Requests that nobody answers count, too; a mean over a restart is that of 120 s.`,
    notes: [
      `Not fresh at the end: ${ours.behind} of ours, ${stock.behind} of the stock agent's.`,
      'The same seed gives the same figures.',
    ],
    measures: rows.map(({ read, ...measure }) => ({
      ...measure,
      points: ours.phases.flatMap((phase, index) => {
        const other = stock.phases[index]
        const series = new Map([
          ['claviger' as const, [read(phase)]],
          ['vaultAgent' as const, [other === undefined ? undefined : read(other)]],
        ])
        const point = pointOf(phase.name, series)
        return point.figures.length === 0 ? [] : [point]
      }),
    })),
  }
}
