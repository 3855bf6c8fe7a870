import { describe, expect, test } from '@jest/globals'
import { describeQuantity } from '../../../../webhook/go-json/quantity.ts'
import { describeTime } from '../../../../webhook/go-json/time.ts'

describe('describeQuantity', () => {
  test.each([
    '0',
    '1',
    '+1',
    '-1',
    '007',
    '5.',
    '.5',
    '1.5Gi',
    '100m',
    '1e3',
    '1E-3',
    '5e-1',
    '3n',
    '12E',
    '1Ei',
    ' 1 ',
    '+',
    '0000',
  ])('takes %j', (text) => {
    expect(describeQuantity(text)).toBeUndefined()
  })

  test.each([
    ['', /^quantities must match/],
    ['x', /^quantities must match/],
    ['1x', /^quantities must match/],
    ['1 Gi', /^quantities must match/],
    ['1Gi5.', /^quantities must match/],
    ['1.2.3', /^quantities must match/],
    ['{', /^quantities must match/],
    ['1GiB', /^quantities must match/],
    ['1KiM', /quantity's suffix$/],
    ['1e', /quantity's suffix$/],
    ['1-3', /quantity's suffix$/],
    ['.', /^unable to parse numeric part/],
    ['-.m', /^unable to parse numeric part/],
  ])('says why %j is none', (text, words) => {
    expect(describeQuantity(text)).toMatch(words)
  })

  test('reads a text of any length in one pass', () => {
    expect(describeQuantity(`${'1'.repeat(500_000)}x`)).toMatch(/^quantities/)
    expect(describeQuantity(`${'1'.repeat(100)}${'Ki'.repeat(500_000)}x`)).toMatch(/^quantities/)
  })
})

describe('describeTime', () => {
  test.each([
    '2024-02-29T23:59:59Z',
    '2006-01-02T15:04:05.999999999+07:00',
    '2006-01-02T3:04:05-00:30',
  ])('takes %s', (text) => {
    expect(describeTime(text)).toBeUndefined()
  })

  const layout = '"2006-01-02T15:04:05Z07:00"'
  test.each([
    ['', `"" as ${layout}: cannot parse "" as "2006"`],
    ['2024', `"2024" as ${layout}: cannot parse "" as "-"`],
    ['2024-2-01', `"2024-2-01" as ${layout}: cannot parse "2-01" as "01"`],
    [
      '2024-02-01 10:00:00Z',
      `"2024-02-01 10:00:00Z" as ${layout}: cannot parse " 10:00:00Z" as "T"`,
    ],
    ['2024-02-01T10:00:00', `"2024-02-01T10:00:00" as ${layout}: cannot parse "" as "Z07:00"`],
    ['2024-13-01T10:00:00Z', '"2024-13-01T10:00:00Z": month out of range'],
    ['2023-02-29T10:00:00Z', '"2023-02-29T10:00:00Z": day out of range'],
    ['2023-02-01T24:00:00Z', '"2023-02-01T24:00:00Z": hour out of range'],
    ['2023-02-01T10:00:00Zx', '"2023-02-01T10:00:00Zx": extra text: "x"'],
  ])('says why %j is none', (text, words) => {
    expect(describeTime(text)).toBe(`parsing time ${words}`)
  })
})
