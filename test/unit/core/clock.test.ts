import { afterEach, beforeEach, expect, jest, test } from '@jest/globals'
import { systemClock } from '../../../core/clock.ts'

beforeEach(() => {
  jest.useFakeTimers()
})
afterEach(() => {
  jest.useRealTimers()
})

test('a sleep longer than a timer can hold lasts its whole time', async () => {
  const days = 32 * 86_400_000
  let awake = false
  const sleeping = systemClock.sleep(days).then(() => {
    awake = true
  })
  await jest.advanceTimersByTimeAsync(days - 1)
  expect(awake).toBe(false)
  await jest.advanceTimersByTimeAsync(1)
  await sleeping
  expect(awake).toBe(true)
})

test('an abort ends a sleep at once and leaves no timer', async () => {
  const controller = new AbortController()
  const sleeping = systemClock.sleep(1_000_000, controller.signal)
  controller.abort()
  await sleeping
  expect(jest.getTimerCount()).toBe(0)
  await systemClock.sleep(1000, controller.signal)
  expect(jest.getTimerCount()).toBe(0)
})
