/** The table of metrics as Markdown, for docs/webhook.md. */
import { type Metric, metrics } from './metric-table.ts'

export function renderMetricTable(): string {
  const rows: readonly Metric[] = Object.values(metrics)
  return [
    '| Metric | Kind | Labels | Meaning |',
    '|---|---|---|---|',
    ...rows.map((row) => `| \`${row.name}\` | ${row.kind} | ${spellLabels(row)} | ${row.help} |`),
  ].join('\n')
}

function spellLabels({ labels }: Metric): string {
  return Object.entries(labels)
    .map(([name, values]) =>
      values === 'open' ? `\`${name}\`` : `\`${name}\`: ${values.join(', ')}`,
    )
    .join('; ')
}
