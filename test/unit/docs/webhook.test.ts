import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { renderFlagTable } from '../../../webhook/config/flag-docs.ts'
import { renderMetricTable } from '../../../webhook/telemetry/metric-docs.ts'

const path = 'docs/webhook.md'
const tables = { flags: renderFlagTable(), metrics: renderMetricTable() }

test.each(Object.entries(tables))(
  'the %s of docs/webhook.md are those of the table; UPDATE_GOLDEN=1 writes them',
  (name, table) => {
    const place = new RegExp(`(<!-- ${name} -->\n)[^]*?(?=<!-- /${name} -->)`)
    const update = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined
    const text = readFileSync(path, 'utf8')
    const wanted = text.replace(place, (_, head: string) => `${head}\n${table}\n\n`)
    if (update) writeFileSync(path, wanted)
    expect(text).toMatch(place)
    expect(readFileSync(path, 'utf8')).toBe(wanted)
  },
)
