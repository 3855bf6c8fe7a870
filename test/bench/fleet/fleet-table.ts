/** Figures of fleets as a table for people. */
import { formatTable } from '../report/tables.ts'
import type { FleetFigures, PhaseFigures } from './fleet-figures.ts'
import type { FleetPlan } from './fleet-plan.ts'

export interface Fleets {
  readonly ours: FleetFigures
  readonly stock: FleetFigures
}

const heading = [
  '',
  'agent',
  'requests/s',
  'peak 1 s',
  'peak logins/s',
  'all fresh after s',
  'wait p50 s',
  'wait p99 s',
]

export function formatFleets(plan: FleetPlan, { ours, stock }: Fleets): string {
  const rows = ours.phases.flatMap((phase, index) => {
    const other = stock.phases[index]
    return [
      [phase.name, 'claviger', ...cells(phase)],
      ...(other === undefined ? [] : [['', 'Vault Agent', ...cells(other)]]),
    ]
  })
  const { agents, secrets, staticIntervalMs, tokenTtlMs } = plan
  const terms = `${agents} pods, ${secrets} KV v2 secret(s) each, read every ${staticIntervalMs / 1000} s, tokens of ${tokenTtlMs / 1000} s`
  const behind = `not fresh at the end: claviger ${ours.behind}, Vault Agent ${stock.behind}`
  return [terms, formatTable([heading, ...rows]), behind].join('\n')
}

function cells(figures: PhaseFigures): readonly string[] {
  const { meanPerSecond, peakPerSecond, peakLoginsPerSecond, lastFreshMs, waitMs } = figures
  const seconds = (ms: number | undefined) => (ms === undefined ? '–' : (ms / 1000).toFixed(1))
  return [
    meanPerSecond.toFixed(0),
    String(peakPerSecond),
    String(peakLoginsPerSecond),
    ...[seconds(lastFreshMs), seconds(waitMs?.p50), seconds(waitMs?.p99)],
  ]
}
