import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../core/errors.ts'
import { createRateLimit } from '../../../../core/http/rate-limit.ts'
import { parseRetryAfter } from '../../../../core/http/retry-after.ts'
import { withRetries } from '../../../../core/vault/retries.ts'

type Turn = number | string | { readonly status: number; readonly retryAfter: string }

/** Answers one after the other, the last one stays: a status, or the cause of a failure. */
function play(turns: readonly Turn[]) {
  const pauses: number[] = []
  let now = 0
  let count = 0
  const clock = {
    now: () => now,
    chance: () => 0,
    sleep: async (ms: number) => {
      pauses.push(ms)
      now += ms
    },
  }
  const exchange = async () => {
    const turn = turns[Math.min(count++, turns.length - 1)]
    if (typeof turn === 'string') throw new AppError('store_unreachable', { cause: turn })
    const { status, retryAfter } =
      typeof turn === 'object' ? turn : { status: turn ?? 0, retryAfter: undefined }
    return { status, headers: { 'retry-after': retryAfter }, body: Buffer.alloc(0) }
  }
  const ask = (retries: number, method = 'GET') =>
    withRetries(exchange, { retries, clock })({ method, url: 'http://x', headers: {} })
  return { ask, pauses, clock, count: () => count }
}

describe('a store that fails twice', () => {
  // Source: TestAgent_ApiProxy_Retry of Vault.
  test.each([
    [-1, 500, 1],
    [1, 500, 2],
    [2, 200, 3],
    [12, 200, 3],
  ])('with %i retries answers %i after %i requests', async (retries, status, requests) => {
    const { ask, count } = play([500, 500, 200])
    expect((await ask(retries)).status).toBe(status)
    expect(count()).toBe(requests)
  })

  test('is asked again after pauses that grow', async () => {
    const { ask, pauses } = play([500, 502, 503, 412, 200])
    await ask(12)
    expect(pauses).toEqual([1000, 2000, 3000, 4000])
  })
})

test.each([
  [400, 'GET', 1],
  [403, 'GET', 1],
  [404, 'GET', 1],
  [501, 'GET', 1],
  [429, 'PUT', 3],
  [503, 'PUT', 3],
  ['ECONNRESET', 'GET', 3],
  ['ECONNRESET', 'PUT', 1],
  ['ETIMEDOUT', 'POST', 1],
  ['ECONNREFUSED', 'POST', 3],
])('%p to a %s is met with %i requests', async (turn, method, requests) => {
  const { ask, count } = play([turn])
  await ask(2, method).catch(() => undefined)
  expect(count()).toBe(requests)
})

test.each([
  ['7', [7000]],
  ['0', [1000]],
  [new Date(9000).toUTCString(), [9000]],
  ['3600', []],
])('Retry-After %s makes the pauses %p', async (retryAfter, pauses) => {
  const scene = play([{ status: 429, retryAfter }, 200])
  await scene.ask(2)
  expect(scene.pauses).toEqual(pauses)
})

test.each([
  [undefined, undefined],
  ['', undefined],
  ['soon', undefined],
  ['-1', undefined],
  ['1.5', undefined],
  ['12', 12_000],
  ['Thu, 01 Jan 1970 00:00:31 GMT', 30_000],
  ['Thu, 01 Jan 1970 00:00:00 GMT', 0],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 999_999_000],
])('the header Retry-After %p is %p ms', (header, ms) => {
  expect(parseRetryAfter(header, 1_000)).toBe(ms)
})

test('a rate limit lets a burst through, then so many a second, in order', async () => {
  const { clock, pauses } = play([])
  const turn = createRateLimit({ perSecond: 10, burst: 2 }, clock)
  for (let asked = 0; asked < 4; asked++) await turn()
  expect(pauses).toEqual([100, 100])
  await clock.sleep(10_000)
  for (let asked = 0; asked < 3; asked++) await turn()
  expect(pauses).toEqual([100, 100, 10_000, 100])
})
