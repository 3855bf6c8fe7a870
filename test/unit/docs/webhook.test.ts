import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { renderFlagTable, renderOwnFlagTable } from '../../../webhook/config/flag-docs.ts'
import { guardFlagRows } from '../../../webhook/guard/flags.ts'
import { guardMetrics } from '../../../webhook/guard/metric-table.ts'
import { renderMetricTable } from '../../../webhook/telemetry/metric-docs.ts'
import { metrics } from '../../../webhook/telemetry/metric-table.ts'

const tables: readonly (readonly [string, string, string])[] = [
  ['docs/webhook.md', 'flags', renderFlagTable()],
  ['docs/webhook.md', 'metrics', renderMetricTable(Object.values(metrics))],
  ['docs/guard.md', 'flags', renderOwnFlagTable(guardFlagRows)],
  ['docs/guard.md', 'metrics', renderMetricTable(Object.values(guardMetrics))],
]

test.each(tables)(
  '%s: the %s are those of the table; UPDATE_GOLDEN=1 writes them',
  (path, name, table) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(?=<!-- /${name} -->)`)
    const update = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined
    const text = readFileSync(path, 'utf8')
    const wanted = text.replace(place, (_, head: string) => `${head}\n${table}\n\n`)
    if (update) writeFileSync(path, wanted)
    expect(text).toMatch(place)
    expect(readFileSync(path, 'utf8')).toBe(wanted)
  },
)
