import { describe, expect, test } from '@jest/globals'
import { attemptsMade, fail, resting } from '../../../../agent/plan/failure.ts'
import type { Failure } from '../../../../agent/plan/state.ts'
import { AppError } from '../../../../core/errors.ts'
import { start } from '../../../support/plan-fixtures.ts'

const backoff = { minMs: 250, maxMs: 60_000 }
const unreachable = new AppError('store_unreachable')
const refused = new AppError('store_refused', { status: 403 })

/** Milliseconds of the pauses after `errors`, one after the other. */
function pauses(errors: readonly AppError[], httpRetries: number, chance = 0): readonly number[] {
  let failure: Failure | undefined
  return errors.map((error) => {
    failure = fail(failure, { error, backoff, httpRetries }, { now: start, chance })
    return failure.retryAt - start
  })
}

describe('the pause after a failure', () => {
  test('doubles from the least to the most', () => {
    const expected = [250, 500, 1000, 2000, 4000, 8000, 16_000, 32_000, 60_000, 60_000]
    expect(pauses(Array(10).fill(refused), 0)).toEqual(expected)
  })

  test('is spread over its last quarter, and over more of it from 8 s on', () => {
    const expected = [188, 375, 750, 1500, 3000, 3200, 6400]
    expect(pauses(Array(7).fill(refused), 0, 1)).toEqual(expected)
  })

  test('has the tries of Vault’s own client before each doubling, for a store that cannot answer', () => {
    const expected = [750, 1500, 250, 750, 1500, 500]
    expect(pauses(Array(6).fill(unreachable), 2)).toEqual(expected)
  })

  test.each([
    ['a refusal', refused, [250, 500]],
    ['501', new AppError('store_busy', { status: 501 }), [250, 500]],
    ['nonsense', new AppError('store_answer_invalid'), [250, 500]],
    ['500', new AppError('store_busy', { status: 500 }), [750, 1500]],
  ])('knows no such tries but for what may pass: %s', (_, error, expected) => {
    expect(pauses([error, error], 2)).toEqual(expected)
  })

  test.each([
    [7000, 7000],
    [100, 250],
    [3_600_000, 3_600_000],
  ])('is not shorter than Retry-After: %i ms', (retryAfterMs, expected) => {
    const busy = new AppError('store_busy', { status: 429, retryAfterMs })
    expect(pauses([busy], 0)).toEqual([expected])
  })

  test.each([
    [7000, 10_500],
    [3_600_000, 3_900_000],
  ])('may be longer by half of it, and five minutes at most: %i ms', (retryAfterMs, expected) => {
    const busy = new AppError('store_busy', { status: 429, retryAfterMs })
    expect(pauses([busy], 0, 1)).toEqual([expected])
  })
})

describe('attempts', () => {
  test.each([
    [{ count: 3, temporary: 0, absences: 0 }, 2, 3],
    [{ count: 3, temporary: 3, absences: 0 }, 2, 1],
    [{ count: 4, temporary: 3, absences: 0 }, 2, 2],
    [{ count: 5, temporary: 0, absences: 4 }, 2, 1],
    [{ count: 3, temporary: 3, absences: 0 }, 0, 3],
  ])('%j with %i tries more are %d', (failure, httpRetries, expected) => {
    expect(attemptsMade(failure, httpRetries)).toBeCloseTo(expected)
  })

  test('leave out the absences of what is optional, whose pauses grow all the same', () => {
    const missing = { error: new AppError('secret_missing'), backoff, isAbsence: true }
    const moment = { now: start, chance: 0 }
    const absent = fail(fail(undefined, missing, moment), missing, moment)
    expect([absent.retryAt - start, attemptsMade(absent, 0)]).toEqual([500, 0])
    const broken = fail(absent, { error: refused, backoff }, moment)
    expect([broken.retryAt - start, attemptsMade(broken, 0)]).toEqual([1000, 1])
  })
})

test('rests until the moment of the next try, and not at it', () => {
  const failure = fail(undefined, { error: refused, backoff }, { now: start, chance: 0 })
  expect(resting(failure, start + 249)).toBe(true)
  expect(resting(failure, start + 250)).toBe(false)
  expect(resting(undefined, start)).toBe(false)
})
