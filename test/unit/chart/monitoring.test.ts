/** Alerts and dashboard: every query is well-formed and asks for metrics and labels that there are. */
import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import { metrics as agentMetrics } from '../../../agent/telemetry/metric-table.ts'
import { guardMetrics } from '../../../webhook/guard/metric-table.ts'
import { type Metric, metrics as webhookMetrics } from '../../../webhook/telemetry/metric-table.ts'
import { readQuery } from '../../support/prometheus-query.ts'

const files = 'charts/claviger/files'
const alerts = Object(load(readFileSync(`${files}/alerts.yaml`, 'utf8')))
const dashboard = JSON.parse(readFileSync(`${files}/dashboard.json`, 'utf8'))

interface Rule {
  readonly alert: string
  readonly expr: string
  readonly annotations: Readonly<Record<string, string>>
}
const rules: readonly Rule[] = alerts.groups.flatMap(
  ({ rules: inner }: { readonly rules: readonly Rule[] }) => inner,
)
interface Panel {
  readonly title: string
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[]
}
const panels: readonly Panel[] = dashboard.panels

/** Of the target; Prometheus adds them. */
const targetLabels = ['namespace', 'pod', 'instance', 'job']

/** Metric → label → its values, or none where they are open. */
const known = new Map<string, ReadonlyMap<string, readonly string[]>>()
const tableOfWebhook: readonly Metric[] = [
  ...Object.values(webhookMetrics),
  ...Object.values(guardMetrics),
]
for (const { name, kind, labels } of tableOfWebhook) {
  const names =
    kind === 'histogram' ? ['_bucket', '_count', '_sum'].map((end) => name + end) : [name]
  const entries = Object.entries(labels).map(([label, values]): [string, readonly string[]] => [
    label,
    values === 'open' ? [] : values,
  ])
  for (const each of names) {
    known.set(each, new Map(each.endsWith('_bucket') ? [...entries, ['le', []]] : entries))
  }
}
for (const { name, labels } of Object.values(agentMetrics)) {
  const entries = labels.map((label): [string, readonly string[]] => [label, []])
  known.set(`vault_${name.replaceAll('.', '_')}`, new Map(entries))
}

/** What is wrong with a query. */
function judge(expr: string, shown = ''): readonly string[] {
  const query = readQuery(expr)
  const labels = new Map(query.metrics.flatMap((name) => [...(known.get(name) ?? [])]))
  const isKnown = (label: string) => labels.has(label) || targetLabels.includes(label)
  const used = [...shown.matchAll(/\{\{ *(?:\$labels\.)?(\w+) *\}\}/g)].map(
    ([, label = '']) => label,
  )
  return [
    ...query.problems,
    ...query.metrics.filter((name) => !known.has(name)),
    ...query.groups.filter((label) => !isKnown(label)),
    ...query.matchers.flatMap(({ label, values }) =>
      values.filter((value) => !(labels.get(label) ?? []).includes(value)),
    ),
    // What is shown must have survived the aggregation.
    ...used.filter((label) => !query.groups.includes(label)),
  ]
}

describe('the alert', () => {
  test.each(rules.map((rule) => [rule.alert, rule] as const))('%s', (_, { expr, annotations }) => {
    expect(judge(expr, Object.values(annotations).join(' '))).toEqual([])
  })
})

test('docs/operations.md says of every alert, and of no other, what to do', () => {
  const page = readFileSync('docs/operations.md', 'utf8')
  const told = [...page.matchAll(/^\| `(Claviger\w+)` \|/gm)].map(([, alert]) => alert)
  expect(told.toSorted()).toEqual(rules.map(({ alert }) => alert).toSorted())
})

describe('the panel', () => {
  test.each(panels.map((panel) => [panel.title, panel] as const))('%s', (_, { targets }) => {
    expect(targets.flatMap(({ expr, legendFormat }) => judge(expr, legendFormat))).toEqual([])
  })
})

describe('the judgement', () => {
  test.each([
    ['sum(nothing_total)', 'nothing_total'],
    ['sum by (nowhere) (claviger_webhook_shed_total)', 'nowhere'],
    ['claviger_webhook_shed_total{cause="boredom"}', 'boredom'],
    ['sum((claviger_webhook_shed_total)', 'brackets'],
    ['summ(claviger_webhook_shed_total)', 'summ'],
    ['rate(claviger_webhook_shed_total[5x])', '5x'],
  ])('finds what is wrong with %s', (expr, problem) => {
    expect(judge(expr).join(' ')).toContain(problem)
  })
})
