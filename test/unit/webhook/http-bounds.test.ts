import { describe, expect, test } from '@jest/globals'
import { readDeadline } from '../../../webhook/http/deadline.ts'
import { Load } from '../../../webhook/http/load.ts'
import { Peers } from '../../../webhook/http/peers.ts'

describe('Load', () => {
  test('counts requests and bytes, and forgets those that leave, once', () => {
    const load = new Load({ requests: 2, bytes: 10 })
    const [first, second] = [load.enter(), load.enter()]
    expect(load.enter()).toBeUndefined()
    expect(first?.reserve(6)).toBe(true)
    expect(second?.reserve(5)).toBe(false)
    expect(second?.reserve(4)).toBe(true)
    first?.leave()
    first?.leave()
    expect(load.requests).toBe(1)
    expect(second?.reserve(6)).toBe(true)
    expect(second?.reserve(1)).toBe(false)
    expect(first?.reserve(0)).toBe(false)
    expect(load.enter()).toBeDefined()
  })
})

describe('Peers', () => {
  test('bounds each address by itself', () => {
    const peers = new Peers(2)
    expect([peers.enter('a'), peers.enter('a'), peers.enter('a'), peers.enter('b')]).toEqual([
      true,
      true,
      false,
      true,
    ])
    peers.leave('a')
    expect([peers.enter('a'), peers.enter('a')]).toEqual([true, false])
  })
})

describe('readDeadline', () => {
  test.each([
    ['/mutate', 2000],
    ['/mutate?', 2000],
    ['/mutate?timeout=', 2000],
    ['/mutate?timeout=5s', 2000],
    ['/mutate?timeout=1s', 750],
    ['/mutate?x=1&timeout=2s', 1750],
    ['/mutate?timeout=1ms', 100],
    ['/mutate?timeout=-5s', 2000],
    ['/mutate?timeout=%zz', 2000],
    [`/mutate?timeout=${'9'.repeat(400)}`, 2000],
  ])('of %s is %d ms', (url, ms) => {
    expect(readDeadline(url)).toBe(ms)
  })
})
