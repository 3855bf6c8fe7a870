/** docs/traces.md has the tables of spans and attributes; UPDATE_GOLDEN=1 writes them. */
import { test } from '@jest/globals'
import { renderSpanTables } from '../../../core/tracing/span-table.ts'
import { expectGeneratedPart } from '../../support/generated.ts'

test('the spans of the page', () => {
  expectGeneratedPart('docs/traces.md', 'spans', renderSpanTables())
})
