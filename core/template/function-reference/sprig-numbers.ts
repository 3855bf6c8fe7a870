/** Sprig’s functions for numbers. */
import { describeRows, type FunctionEntry, type Row } from './entry.ts'

const rows: readonly Row[] = [
  ['add NUMBER…', '{{ sprig_add 1 2 3 }}', '6'],
  ['add1 NUMBER', '{{ sprig_add1 1 }}', '2'],
  ['sub A B', '{{ sprig_sub 5 2 }}', '3'],
  ['div A B', '{{ sprig_div 7 2 }}', '3'],
  ['mod A B', '{{ sprig_mod 7 2 }}', '1'],
  ['mul NUMBER…', '{{ sprig_mul 2 3 4 }}', '24'],
  ['max NUMBER…', '{{ sprig_max 1 3 2 }}', '3'],
  ['biggest NUMBER…', '{{ sprig_biggest 1 3 2 }}', '3'],
  ['min NUMBER…', '{{ sprig_min 1 3 2 }}', '1'],
  ['maxf NUMBER…', '{{ sprig_maxf 1 2.5 }}', '2.5'],
  ['minf NUMBER…', '{{ sprig_minf 1 2.5 }}', '1'],
  ['ceil NUMBER', '{{ sprig_ceil 1.2 }}', '2'],
  ['floor NUMBER', '{{ sprig_floor 1.8 }}', '1'],
  ['round NUMBER DIGITS ROUND_UP_FROM?', '{{ sprig_round 1.256 2 }}', '1.26'],
  ['addf NUMBER…', '{{ sprig_addf 1.5 2 }}', '3.5'],
  ['add1f NUMBER', '{{ sprig_add1f 1.5 }}', '2.5'],
  ['subf NUMBER…', '{{ sprig_subf 3 1.5 }}', '1.5'],
  ['mulf NUMBER…', '{{ sprig_mulf 1.5 2 }}', '3'],
  ['divf NUMBER…', '{{ sprig_divf 3 2 }}', '1.5'],
  ['int VALUE', '{{ sprig_int "42" }}', '42'],
  ['int64 VALUE', '{{ sprig_int64 "42" }}', '42'],
  ['float64 VALUE', '{{ sprig_float64 "1.5" }}', '1.5'],
  ['toDecimal TEXT', '{{ sprig_toDecimal "0755" }}', '493'],
  ['atoi TEXT', '{{ sprig_atoi "42" }}', '42'],
  ['until COUNT', '{{ sprig_until 3 }}', '[0 1 2]'],
  ['untilStep FROM TO STEP', '{{ sprig_untilStep 0 10 4 }}', '[0 4 8]'],
  ['seq FROM? STEP? TO', '{{ sprig_seq 1 3 }}', '1 2 3'],
  ['randInt FROM TO', '{{ sprig_randInt 5 6 }}', '5'],
]

export const sprigNumbersEntries: readonly FunctionEntry[] = describeRows('sprig', rows, 'sprig_')
