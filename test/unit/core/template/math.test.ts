import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

describe('arithmetic', () => {
  test.each([
    ['add 1 2', '3 int64'],
    ['2 | subtract 5', '-3 int64'],
    ['subtract 2 5', '3 int64'],
    ['multiply 2.5 2', '5 float64'],
    ['divide 2 -7', '-3 int64'],
    ['divide 0.0 1', '+Inf float64'],
    ['modulo 3 -7', '-1 int64'],
    ['add 1 9223372036854775807', '-9223372036854775808 int64'],
    ['subtract (parseUint "1") (parseUint "0")', '18446744073709551615 uint64'],
    ['add 1 (parseUint "18446744073709551615")', '0 int64'],
    ['minimum 2 1', '1 int64'],
    ['maximum 2 1.5', '2 int64'],
    ['maximum 2 2.5', '2.5 float64'],
    ['minimum -1 (parseUint "1")', '-1 int64'],
  ])('%s is %s', (words, output) => {
    expect(render(`{{ printf "%v %T" (${words}) (${words}) }}`)).toBe(output)
  })

  test.each([
    ['divide 0 1', 'error calling divide: runtime error: integer divide by zero'],
    ['modulo 0 1', 'error calling modulo: runtime error: integer divide by zero'],
    ['modulo 1.5 1', 'modulo: unknown type for %!q(float64=1.5) (float64)'],
    ['add "1" 2', 'add: unknown type for "1" (string)'],
    ['add 1 nil', 'add: unknown type for <invalid reflect.Value> (<nil>)'],
  ])('%s: %s', (words, message) => {
    expect(() => render(`{{ ${words} }}`)).toThrow(message)
  })
})
