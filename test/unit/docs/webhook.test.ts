import { test } from '@jest/globals'
import { renderFlagTable } from '../../../webhook/config/flag-docs.ts'
import { renderMetricTable } from '../../../webhook/telemetry/metric-docs.ts'
import { expectGeneratedPart } from '../../support/generated.ts'

const tables = { flags: renderFlagTable(), metrics: renderMetricTable() }

test.each(Object.entries(tables))(
  'the %s of docs/webhook.md are those of the table; UPDATE_GOLDEN=1 writes them',
  (name, table) => expectGeneratedPart('docs/webhook.md', name, table),
)
