import { describe, expect, test } from '@jest/globals'
import { parseQuantity } from '../../../../webhook/inject/kinds/quantity.ts'

describe('parseQuantity', () => {
  test.each([
    ['0', 0],
    ['1', 1],
    ['+2', 2],
    ['250m', 0.25],
    ['.5', 0.5],
    ['1.', 1],
    ['1k', 1000],
    ['1M', 1e6],
    ['64Mi', 64 * 2 ** 20],
    ['1.5Gi', 1.5 * 2 ** 30],
    ['1E', 1e18],
    ['1e3', 1000],
    ['1E-2', 0.01],
    ['1Ei', 2 ** 60],
  ])('%j is %d', (text, value) => {
    expect(parseQuantity(text)).toBeCloseTo(value, 9)
  })

  test.each([
    '',
    ' ',
    '-1',
    '1K',
    '1mi',
    '64 Mi',
    '64MB',
    'Mi',
    '1e',
    '0x10',
    '１',
    '1e100',
    '1\n',
  ])('%j is none', (text) => {
    expect(parseQuantity(text)).toBeUndefined()
  })
})
