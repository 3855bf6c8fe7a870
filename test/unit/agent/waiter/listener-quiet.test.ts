import { expect, test } from '@jest/globals'
import { judgeUse, quietAt, quietMsOf } from '../../../../agent/waiter/listener-quiet.ts'

const idle = { requests: 0, lastAt: 1000, keepsLeases: false }

test.each([
  ['due', 0, 20_000],
  ['connection', 0, 300_000],
  ['connection', 299_999, 300_000],
  ['connection', 300_000, 20_000],
] as const)('cause %s after %i ms of sleep: quiet after %i ms', (cause, sleptMs, quietMs) => {
  expect(quietMsOf({ cause, sleptMs })).toBe(quietMs)
})

test('a listener is busy until it has been left alone for that long', () => {
  expect(judgeUse(idle, 20_000, 20_999).isBusy).toBe(true)
  expect(judgeUse(idle, 20_000, 21_000).isBusy).toBe(false)
  expect(judgeUse({ ...idle, requests: 1 }, 20_000, 90_000).isBusy).toBe(true)
})

test('it is looked at again when that may be the case', () => {
  expect(quietAt(idle, 20_000, 5_000)).toBe(21_000)
  expect(quietAt({ ...idle, requests: 1 }, 20_000, 5_000)).toBe(25_000)
  expect(quietAt(idle, 20_000, 50_000)).toBe(70_000)
})
