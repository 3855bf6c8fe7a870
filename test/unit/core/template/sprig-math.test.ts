import { describe, expect, test } from '@jest/globals'
import { render } from './render.ts'

const evaluate = (words: string) => render(`{{ ${words} }}`)

describe('sprig’s numbers and paths', () => {
  test.each([
    ['sprig_add 1 "2" 3.9 nil true', '7'],
    ['sprig_add 9223372036854775807 1', '-9223372036854775808'],
    ['sprig_add1 "0x10"', '17'],
    ['sprig_sub 2 5', '-3'],
    ['sprig_div -7 2', '-3'],
    ['sprig_mod -7 3', '-1'],
    ['sprig_mul 2 "3" 4', '24'],
    ['sprig_max "7" 3', '7'],
    ['sprig_min 4 2 8', '2'],
    ['sprig_maxf 1 2.5', '2.5'],
    ['sprig_minf 1.5 "0.5"', '0.5'],
    ['sprig_ceil 1.2', '2'],
    ['sprig_floor -1.2', '-2'],
    ['sprig_int "010"', '8'],
    ['sprig_int "1.0"', '1'],
    ['sprig_int "1e3"', '0'],
    ['sprig_int64 -3.9', '-3'],
    ['sprig_float64 "1e3"', '1000'],
    ['sprig_atoi " 5"', '0'],
    ['sprig_until -3', '[0 -1 -2]'],
    ['sprig_untilStep 0 10 3', '[0 3 6 9]'],
    ['sprig_untilStep 0 10 -1', '[]'],
    ['sprig_seq 0', '1 0'],
    ['sprig_seq 2 5', '2 3 4 5'],
    ['sprig_seq 0 2 5', '0 2 4'],
    ['sprig_seq 0 2 -5', ''],
    ['printf "%T %T" (sprig_add) (sprig_until 1)', 'int64 []int'],
    ['sprig_base "/a/b/"', 'b'],
    ['sprig_dir "a"', '.'],
    ['sprig_clean "/../a//b/./../c"', '/a/c'],
    ['sprig_clean "../../a"', '../../a'],
    ['sprig_ext "a.b/c.tar.gz"', '.gz'],
    ['sprig_osIsAbs "/x"', 'true'],
  ])('%s', (words, output) => {
    expect(evaluate(words)).toBe(output)
  })

  test.each([
    ['sprig_div 1 0', 'integer divide by zero'],
    ['sprig_until 99999999999', 'more than 1000000 numbers'],
    ['sprig_untilStep 0 "x" 1', 'expected integer; found "x"'],
  ])('%s fails', (words, message) => {
    expect(() => evaluate(words)).toThrow(message)
  })
})
