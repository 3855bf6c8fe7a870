import { readFileSync, writeFileSync } from 'node:fs'
import { expect, test } from '@jest/globals'
import { renderAnnotationDocs } from '../../../../webhook/inject/annotation-docs.ts'
import { annotations } from '../../../../webhook/inject/annotations.ts'
import { unsupportedStockKeys } from '../../../../webhook/inject/stock-annotations.ts'

const path = 'docs/annotations.md'

test('docs/annotations.md is what the table says; UPDATE_GOLDEN=1 writes it', () => {
  const rendered = renderAnnotationDocs()
  const update = process.env['UPDATE_GOLDEN'] === '1' && process.env['CI'] === undefined
  if (update) writeFileSync(path, rendered)
  expect(readFileSync(path, 'utf8')).toBe(rendered)
})

test('no annotation is both supported and unsupported, or listed twice', () => {
  const keys = [...Object.values(annotations).map(({ key }) => key), ...unsupportedStockKeys]
  expect(keys).toEqual([...new Set(keys)])
})
