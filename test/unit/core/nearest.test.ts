import { describe, expect, test } from '@jest/globals'
import { countEdits, findNearest } from '../../../core/nearest.ts'

describe('findNearest', () => {
  test.each([
    ['rol', 'role'],
    ['roel', 'role'],
    ['servcie', 'service'],
    ['role', 'role'],
    ['agent', undefined],
    ['', undefined],
  ])('%j is near %j', (word, nearest) => {
    expect(findNearest(word, ['role', 'service'])).toBe(nearest)
  })
})

test.each([
  ['kitten', 'sitting', 3],
  ['', 'abc', 3],
  ['same', 'same', 0],
])('%j and %j are %d edits apart', (left, right, edits) => {
  expect(countEdits(left, right, 10)).toBe(edits)
  expect(countEdits(right, left, 10)).toBe(edits)
})
