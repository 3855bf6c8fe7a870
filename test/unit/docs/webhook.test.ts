import { test } from '@jest/globals'
import { renderFlagTable, renderOwnFlagTable } from '../../../webhook/config/flag-docs.ts'
import { guardFlagRows } from '../../../webhook/guard/flags.ts'
import { guardMetrics } from '../../../webhook/guard/metric-table.ts'
import { renderMetricTable } from '../../../webhook/telemetry/metric-docs.ts'
import { metrics } from '../../../webhook/telemetry/metric-table.ts'
import { expectGeneratedPart } from '../../support/generated.ts'

const tables: readonly (readonly [string, string, string])[] = [
  ['docs/webhook.md', 'flags', renderFlagTable()],
  ['docs/webhook.md', 'metrics', renderMetricTable(Object.values(metrics))],
  ['docs/guard.md', 'flags', renderOwnFlagTable(guardFlagRows)],
  ['docs/guard.md', 'metrics', renderMetricTable(Object.values(guardMetrics))],
]

test.each(tables)(
  '%s: the %s are those of the table; UPDATE_GOLDEN=1 writes them',
  (path, name, table) => expectGeneratedPart(path, name, table),
)
