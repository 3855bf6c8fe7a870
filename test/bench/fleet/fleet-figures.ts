/** What a fleet did, phase by phase. */
import type { FleetPlan, Phase } from './fleet-plan.ts'
import { type Asked, askedKinds, type Counts } from './fleet-store.ts'
import type { ShardFigures } from './simulate-shard.ts'

export interface PhaseFigures {
  readonly name: string
  /** Requests, unanswered ones included. */
  readonly requests: number
  readonly byKind: Readonly<Record<Asked, number>>
  readonly meanPerSecond: number
  /** In any one second. */
  readonly peakPerSecond: number
  readonly peakLoginsPerSecond: number
  /** Pods that became fresh in it. */
  readonly refreshed: number
  /** From its beginning until the last of them was; undefined for none. */
  readonly lastFreshMs: number | undefined
  /** How long they waited since they started, or since the store was back: median and 99th percentile. */
  readonly waitMs: { readonly p50: number; readonly p99: number } | undefined
}

export interface FleetFigures {
  readonly phases: readonly PhaseFigures[]
  /** Pods that are not fresh at the end. */
  readonly behind: number
  /** Wake-ups of all pods. */
  readonly steps: number
}

export function concludeFigures(plan: FleetPlan, shards: readonly ShardFigures[]): FleetFigures {
  return {
    phases: plan.phases.map((phase) => concludePhase(phase, shards)),
    behind: shards.reduce((sum, { behind }) => sum + behind, 0),
    steps: shards.reduce((sum, { steps }) => sum + steps, 0),
  }
}

function concludePhase(phase: Phase, shards: readonly ShardFigures[]): PhaseFigures {
  const { name, fromMs, toMs } = phase
  const counts = shards.map((shard) => shard.counts)
  const perSecond = addSeconds(phase, counts, askedKinds)
  const logins = addSeconds(phase, counts, ['login'])
  const requests = sum(perSecond)
  const refreshed = shards.flatMap((shard) =>
    shard.refreshed.filter(({ atMs }) => fromMs <= atMs && atMs < toMs),
  )
  const waits = refreshed.map(({ waitMs }) => waitMs).sort((a, b) => a - b)
  return {
    name,
    requests,
    byKind: {
      health: sum(addSeconds(phase, counts, ['health'])),
      login: sum(logins),
      renewal: sum(addSeconds(phase, counts, ['renewal'])),
      mount: sum(addSeconds(phase, counts, ['mount'])),
      read: sum(addSeconds(phase, counts, ['read'])),
    },
    meanPerSecond: requests / ((toMs - fromMs) / 1000),
    peakPerSecond: peak(perSecond),
    peakLoginsPerSecond: peak(logins),
    refreshed: refreshed.length,
    lastFreshMs:
      refreshed.length === 0
        ? undefined
        : refreshed.reduce((last, { atMs }) => Math.max(last, atMs), 0) - fromMs,
    waitMs:
      waits.length === 0 ? undefined : { p50: quantile(waits, 0.5), p99: quantile(waits, 0.99) },
  }
}

function addSeconds(
  { fromMs, toMs }: Phase,
  counts: readonly Counts[],
  kinds: readonly Asked[],
): readonly number[] {
  const from = Math.floor(fromMs / 1000)
  const to = Math.ceil(toMs / 1000)
  return Array.from({ length: to - from }, (_, index) =>
    counts.reduce(
      (total, count) => total + sum(kinds.map((kind) => count[kind][from + index] ?? 0)),
      0,
    ),
  )
}

function sum(numbers: readonly number[]): number {
  return numbers.reduce((total, number) => total + number, 0)
}

function peak(numbers: readonly number[]): number {
  return numbers.reduce((most, number) => Math.max(most, number), 0)
}

function quantile(sorted: readonly number[], part: number): number {
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? 0
}
