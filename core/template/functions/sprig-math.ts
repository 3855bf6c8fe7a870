/** sprig's numbers, which accept texts and truth too: what is no number counts as 0. Source: sprig's numeric.go, spf13/cast. */
import { parseGoFloat, parseGoInt } from '../strconv.ts'
import { float, grownList, int, textOf, type Value } from '../values.ts'
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  intParameter,
  stringParameter,
  ternary,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'

const twoValues = [anyParameter, anyParameter] as const

export const sprigMathFunctions: readonly GoFunction[] = [
  variadic('sprig_add', anyParameter, (values) => int64(values.reduce(sum, 0n))),
  unary('sprig_add1', anyParameter, (value) => int64(toInt64(value) + 1n)),
  binary('sprig_sub', twoValues, (a, b) => int64(toInt64(a) - toInt64(b))),
  binary('sprig_div', twoValues, (a, b) => int64(toInt64(a) / nonZero(b))),
  binary('sprig_mod', twoValues, (a, b) => int64(toInt64(a) % nonZero(b))),
  variadicAfter('sprig_mul', twoValues, (first, rest) =>
    int64(rest.reduce((product: bigint, value) => product * toInt64(value), toInt64(first))),
  ),
  ...['sprig_max', 'sprig_biggest'].map((name) => choice(name, (a, b) => a > b)),
  choice('sprig_min', (a, b) => a < b),
  variadicAfter('sprig_maxf', twoValues, (first, rest) =>
    float(Math.max(toFloat64(first), ...rest.map(toFloat64))),
  ),
  variadicAfter('sprig_minf', twoValues, (first, rest) =>
    float(Math.min(toFloat64(first), ...rest.map(toFloat64))),
  ),
  unary('sprig_ceil', anyParameter, (value) => float(Math.ceil(toFloat64(value)))),
  unary('sprig_floor', anyParameter, (value) => float(Math.floor(toFloat64(value)))),
  unary('sprig_int', anyParameter, (value) => int(toInt64(value))),
  unary('sprig_int64', anyParameter, (value) => int64(toInt64(value))),
  unary('sprig_float64', anyParameter, (value) => float(toFloat64(value))),
  unary('sprig_atoi', stringParameter, (text) => {
    const parsed = parseGoInt(text, 10)
    return int(parsed.kind === 'ok' ? parsed.value : 0n)
  }),
  unary('sprig_until', intParameter, (end) => intList(untilStep(0n, end, end < 0n ? -1n : 1n))),
  ternary('sprig_untilStep', [intParameter, intParameter, intParameter], (start, end, step) =>
    intList(untilStep(start, end, step)),
  ),
  variadic('sprig_seq', intParameter, (bounds) => sequence(bounds).join(' ')),
]

function sum(total: bigint, value: Value): bigint {
  return total + toInt64(value)
}

/** Overflow wraps around, as in Go. */
function int64(value: bigint): Value {
  return { kind: 'int', type: 'int64', value: BigInt.asIntN(64, value) }
}

function nonZero(value: Value): bigint {
  const divisor = toInt64(value)
  if (divisor === 0n) throw new FunctionError('runtime error: integer divide by zero')
  return divisor
}

function choice(name: string, isBetter: (left: bigint, right: bigint) => boolean): GoFunction {
  return variadicAfter(name, twoValues, (first, rest) =>
    int64(rest.map(toInt64).reduce((a, b) => (isBetter(b, a) ? b : a), toInt64(first))),
  )
}

export function toInt64(value: Value): bigint {
  if (typeof value === 'boolean') return value ? 1n : 0n
  const text = textOf(value)
  if (text !== undefined) {
    // `1.0` and `1.` count as whole, other fractions do not.
    const parsed = parseGoInt(text.replace(/\.0+$/, ''), 0)
    return parsed.kind === 'ok' ? parsed.value : 0n
  }
  if (typeof value !== 'object') return 0n
  if (value.kind === 'int' || value.kind === 'uint') return BigInt.asIntN(64, value.value)
  return value.kind === 'float' ? truncate(value.value) : 0n
}

/** What does not fit becomes the smallest number, as on Go's amd64. */
function truncate(value: number): bigint {
  const fits = value >= -(2 ** 63) && value < 2 ** 63
  return fits ? BigInt(Math.trunc(value)) : -(2n ** 63n)
}

export function toFloat64(value: Value): number {
  if (typeof value === 'boolean') return value ? 1 : 0
  const text = textOf(value)
  if (text !== undefined) {
    const parsed = parseGoFloat(text)
    return parsed.kind === 'ok' ? parsed.value : 0
  }
  if (typeof value !== 'object') return 0
  const isNumber = value.kind === 'int' || value.kind === 'uint' || value.kind === 'float'
  return isNumber ? Number(value.value) : 0
}

function intList(numbers: readonly bigint[]): Value {
  return grownList(numbers.map(int), '[]int')
}

const longestList = 1_000_000

/** From `start` up to or down to but excluding `end`; nothing where the step leads away. */
function untilStep(start: bigint, end: bigint, step: bigint): readonly bigint[] {
  const numbers: bigint[] = []
  const isDown = end < start
  if (isDown ? step >= 0n : step <= 0n) return numbers
  for (let number = start; isDown ? number > end : number < end; number += step) {
    if (numbers.length === longestList) throw new FunctionError(`more than ${longestList} numbers`)
    numbers.push(number)
  }
  return numbers
}

/** `seq 3`, `seq 2 5`, `seq 0 2 10`: both ends included. */
function sequence(bounds: readonly bigint[]): readonly bigint[] {
  const [start = 1n, middle = 0n, last] = bounds.length === 1 ? [1n, ...bounds] : bounds
  if (bounds.length === 0 || bounds.length > 3) return []
  const end = last ?? middle
  const direction = end < start ? -1n : 1n
  if (last !== undefined && direction < 0n && middle > 0n) return []
  return untilStep(start, end + direction, last === undefined ? direction : middle)
}
