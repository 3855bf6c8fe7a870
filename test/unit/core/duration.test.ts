import { expect, test } from '@jest/globals'
import { parseDuration } from '../../../core/duration.ts'

test.each([
  ['0', 0],
  ['90', 90_000],
  ['5m', 300_000],
  ['1h30m', 5_400_000],
  ['250ms', 250],
  ['1.5s', 1500],
  ['.5s', 500],
  ['1d', 86_400_000],
  [' 10s ', 10_000],
  ['2us', 0.002],
])('%p is %p ms', (text, ms) => {
  expect(parseDuration(text, 'p')).toEqual({ kind: 'ok', value: ms })
})

test.each(['', 's', '5x', '5m3', '-1s', '1 h', 'Infinity', '1e3s'])('%p is refused', (text) => {
  expect(parseDuration(text, 'p')).toMatchObject({ kind: 'issues', issues: [{ path: 'p' }] })
})
