/** A table of metrics as Markdown, for docs/webhook.md and docs/guard.md. */
import type { Metric } from './metric-table.ts'

export function renderMetricTable(rows: readonly Metric[]): string {
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
