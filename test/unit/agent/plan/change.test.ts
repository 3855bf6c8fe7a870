import { describe, expect, test } from '@jest/globals'
import { changeDueAt, holdChange } from '../../../../agent/plan/change.ts'

const wait = { minMs: 2000, maxMs: 5000 }

describe('a change that is held back', () => {
  test.each([
    ['the least after the only change', 0, 0, 2000],
    ['the least after the last', 0, 1500, 3500],
    ['the most after the first', 0, 4500, 5000],
  ])('is due %s', (_, firstAt, lastAt, expected) => {
    expect(changeDueAt({ hash: 'a', firstAt, lastAt }, wait)).toBe(expected)
  })

  test('begins with the first, and goes on with another', () => {
    const first = holdChange(undefined, 'a', 10)
    expect(first).toEqual({ hash: 'a', firstAt: 10, lastAt: 10 })
    expect(holdChange(first, 'a', 20)).toBe(first)
    expect(holdChange(first, 'b', 20)).toEqual({ hash: 'b', firstAt: 10, lastAt: 20 })
  })
})
