/** The agent's metrics: counts what happens, and tells it together with its status as JSON or as Prometheus text. */
import type { TelemetryConfig } from '../config/agent-config.ts'
import type { AgentStatus } from '../plan/status.ts'
import { formatJson } from './json-format.ts'
import type { CounterName } from './metric-table.ts'
import { metrics } from './metric-table.ts'
import { formatPrometheus } from './prometheus-format.ts'
import { countersOf, gaugesOf, type Memory, type Sample } from './samples.ts'

export interface AgentMetrics {
  readonly count: (counter: CounterName) => void
  readonly json: (status: AgentStatus) => string
  readonly prometheus: (status: AgentStatus) => string
}

export interface MetricSources {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly memory: () => Memory
  readonly hostname: string
}

/** Counts from zero, for as long as the process lives. */
export function createMetrics(telemetry: TelemetryConfig, sources: MetricSources): AgentMetrics {
  const { now, memory, hostname } = sources
  const startedAt = now()
  const counts = new Map<CounterName, number>(
    counterNames().map((name): [CounterName, number] => [name, 0]),
  )
  const host = telemetry.enableHostnameLabel ? { host: hostname } : {}
  const collect = (status: AgentStatus): readonly Sample[] =>
    [...gaugesOf(status, memory(), now()), ...countersOf(counts)].map((sample) => ({
      ...sample,
      labels: { ...sample.labels, ...host },
    }))
  const { prefix } = telemetry
  return {
    count: (counter) => counts.set(counter, (counts.get(counter) ?? 0) + 1),
    json: (status) => formatJson(collect(status), { prefix, now: now(), startedAt }),
    prometheus: (status) => formatPrometheus(collect(status), prefix),
  }
}

/** What of a step's events has a counter. */
export function countEvents(
  { count }: Pick<AgentMetrics, 'count'>,
  events: readonly { readonly kind: string; readonly what?: string }[],
): void {
  for (const { kind, what } of events) {
    if (kind === 'logged_in') count('authSuccess')
    if (kind === 'failed' && what === 'login') count('authFailure')
  }
}

function counterNames(): readonly CounterName[] {
  return Object.keys(metrics).filter(isCounter)
}

function isCounter(name: string): name is CounterName {
  return Object.entries(metrics).some(([key, { kind }]) => key === name && kind === 'counter')
}
