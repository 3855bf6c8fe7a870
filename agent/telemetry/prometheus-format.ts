/** Metrics as Prometheus text. Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format. */
import type { Metric } from './metric-table.ts'
import type { Sample } from './samples.ts'

export const prometheusType = 'text/plain; version=0.0.4; charset=utf-8'

/** One block for each metric, with a line for each of its samples. Names as go-metrics makes them: underscores for what they may not hold. */
export function formatPrometheus(samples: readonly Sample[], prefix: string): string {
  const families = new Map<Metric, Sample[]>()
  for (const sample of samples) {
    const family = families.get(sample.metric) ?? []
    families.set(sample.metric, family)
    family.push(sample)
  }
  return Array.from(families, ([metric, family]) => {
    const name = spellName(prefix === '' ? metric.name : `${prefix}_${metric.name}`)
    const lines = family.map(({ labels, value }) => `${name}${spellLabels(labels)} ${value}\n`)
    return `# HELP ${name} ${metric.help}\n# TYPE ${name} ${metric.kind}\n${lines.join('')}`
  }).join('')
}

function spellName(name: string): string {
  return name.replace(/[^a-zA-Z0-9_]/g, '_').replace(/^(?=\d)/, '_')
}

function spellLabels(labels: Sample['labels']): string {
  const pairs = Object.entries(labels).map(([name, value]) => `${name}="${escapeLabel(value)}"`)
  return pairs.length === 0 ? '' : `{${pairs.join(',')}}`
}

function escapeLabel(value: string): string {
  return value.replaceAll('\\', '\\\\').replaceAll('"', '\\"').replaceAll('\n', '\\n')
}
