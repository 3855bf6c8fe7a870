/** Metrics as JSON in the shape of go-metrics' in-memory sink, which is what Vault's `metrics` endpoints answer. */
import type { Sample } from './samples.ts'

export interface JsonFrame {
  readonly prefix: string
  /** Both milliseconds since the epoch. */
  readonly now: number
  readonly startedAt: number
}

/** Counters count since the start, where Vault Agent counts one interval of ten seconds; `Rate` is per second. */
export function formatJson(samples: readonly Sample[], frame: JsonFrame): string {
  const { prefix, now, startedAt } = frame
  const seconds = Math.max(1, (now - startedAt) / 1000)
  const named = samples
    .map(({ metric, labels, value }) => ({
      kind: metric.kind,
      Name: prefix === '' ? metric.name : `${prefix}.${metric.name}`,
      value,
      Labels: labels,
    }))
    .toSorted((left, right) => (left.Name < right.Name ? -1 : 1))
  const of = (kind: 'gauge' | 'counter') => named.filter((sample) => sample.kind === kind)
  return JSON.stringify({
    Timestamp: `${new Date(now).toISOString().slice(0, 19).replace('T', ' ')} +0000 UTC`,
    Gauges: of('gauge').map(({ Name, value, Labels }) => ({ Name, Value: value, Labels })),
    Points: [],
    Counters: of('counter')
      .filter(({ value }) => value > 0)
      .map(({ Name, value, Labels }) => ({
        Name,
        Count: value,
        Rate: value / seconds,
        Sum: value,
        Min: 1,
        Max: 1,
        Mean: 1,
        Stddev: 0,
        Labels,
      })),
    Samples: [],
  })
}
