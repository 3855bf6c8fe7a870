/** What is measured at one moment: each metric with its labels and its number. */
import type { AgentStatus, FailureStatus, SecretStatus } from '../plan/status.ts'
import { type CounterName, type Metric, type MetricName, metrics } from './metric-table.ts'

export interface Sample {
  readonly metric: Metric
  readonly labels: Readonly<Record<string, string>>
  readonly value: number
}

export interface Memory {
  readonly heapUsed: number
  readonly rss: number
}

/** The gauges; `now` is milliseconds since the epoch. Two secrets whose paths are not shown count as one, the worse. */
export function gaugesOf(status: AgentStatus, memory: Memory, now: number): readonly Sample[] {
  const { session, loginFailure, files } = status
  const count = (test: (file: (typeof files)[number]) => boolean) => files.filter(test).length
  return merge([
    ...gauge('authenticated', session === undefined ? 0 : 1),
    ...gauge('ready', status.ready ? 1 : 0),
    ...errors('authErrors', {}, loginFailure),
    ...gauge('tokenExpiry', seconds(session?.expiresAt)),
    ...gauge('tokenNext', seconds(session?.dueAt)),
    ...status.secrets.flatMap((secret) => secretGauges(secret, now)),
    ...status.stores.flatMap(({ name, failure }) =>
      errors('storeErrors', { store: name }, failure),
    ),
    ...gauge(
      'filesUnrendered',
      count(({ rendered }) => !rendered),
    ),
    ...gauge(
      'filesStale',
      count(({ stale }) => stale),
    ),
    ...gauge(
      'commandsPending',
      count(({ commandPending }) => commandPending),
    ),
    ...gauge('heapBytes', memory.heapUsed),
    ...gauge('residentBytes', memory.rss),
  ])
}

export function countersOf(counts: ReadonlyMap<CounterName, number>): readonly Sample[] {
  return Array.from(counts, ([name, value]) => ({ metric: metrics[name], labels: {}, value }))
}

function secretGauges(secret: SecretStatus, now: number): readonly Sample[] {
  const { path, kind, readAt, nextAt, expiresAt, failure } = secret
  const labels = { path, kind }
  const age = readAt === undefined ? undefined : Math.max(0, now - readAt) / 1000
  return [
    ...gauge('secretAge', age, labels),
    ...gauge('secretNext', seconds(nextAt), labels),
    ...gauge('secretExpiry', seconds(expiresAt), labels),
    ...errors('secretErrors', labels, failure),
  ]
}

function errors(
  name: MetricName,
  labels: Sample['labels'],
  failure: FailureStatus | undefined,
): readonly Sample[] {
  return failure === undefined ? [] : gauge(name, failure.count, { ...labels, code: failure.code })
}

function gauge(
  name: MetricName,
  value: number | undefined,
  labels: Sample['labels'] = {},
): readonly Sample[] {
  if (value === undefined || !Number.isFinite(value)) return []
  return [{ metric: metrics[name], labels, value }]
}

function seconds(at: number | undefined): number | undefined {
  return at === undefined ? undefined : at / 1000
}

function merge(samples: readonly Sample[]): readonly Sample[] {
  const merged = new Map<string, Sample>()
  for (const sample of samples) {
    const { metric, labels, value } = sample
    const key = JSON.stringify([metric.name, labels])
    const other = merged.get(key)?.value ?? value
    const worst = metric.worst === 'min' ? Math.min(other, value) : Math.max(other, value)
    merged.set(key, { metric, labels, value: worst })
  }
  return [...merged.values()]
}
