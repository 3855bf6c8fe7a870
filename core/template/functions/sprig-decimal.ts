/** sprig's arithmetic with fractions, and random numbers. Source: sprig's numeric.go. */
import { add, type Decimal, divide, fromFloat, multiply, subtract, toFloat } from '../decimal.ts'
import { sprint } from '../printer.ts'
import { randomBelow } from '../randomness.ts'
import { float, int, type Value } from '../values.ts'
import {
  anyParameter,
  binary,
  FunctionError,
  type GoFunction,
  intParameter,
  type Parameter,
  unary,
  variadic,
  variadicAfter,
} from './function.ts'
import { toFloat64 } from './sprig-math.ts'

const twoValues = [anyParameter, anyParameter] as const

const floatParameter: Parameter<number> = {
  type: 'float64',
  read: (value) => (typeof value === 'object' && value.kind === 'float' ? value.value : 0),
}

export const sprigDecimalFunctions: readonly GoFunction[] = [
  variadic('sprig_addf', anyParameter, (values) => combine(add, 0, values)),
  unary('sprig_add1f', anyParameter, (value) => combine(add, toFloat64(value), [float(1)])),
  ...(
    [
      ['sprig_subf', subtract],
      ['sprig_mulf', multiply],
      ['sprig_divf', divide],
    ] as const
  ).map(([name, operate]) =>
    variadicAfter(name, twoValues, (first, rest) => combine(operate, toFloat64(first), rest)),
  ),
  {
    name: 'sprig_round',
    parameters: [anyParameter.type, intParameter.type],
    rest: floatParameter.type,
    run: ([value, places, limit]) =>
      float(
        round(
          toFloat64(anyParameter.read(value)),
          Number(intParameter.read(places)),
          limit === undefined ? 0.5 : floatParameter.read(limit),
        ),
      ),
  },
  unary('sprig_toDecimal', anyParameter, (value) => ({
    kind: 'int',
    type: 'int64',
    value: fromOctal(sprint([value])),
  })),
  binary('sprig_randInt', [intParameter, intParameter], (from, to, { random }) => {
    if (to <= from) throw new FunctionError('invalid argument to Intn')
    return int(from + randomBelow(random(), to - from))
  }),
]

function combine(
  operate: (a: Decimal, b: Decimal) => Decimal,
  first: number,
  rest: readonly Value[],
): Value {
  const start = fromFloat(first)
  return float(
    toFloat(rest.reduce<Decimal>((sum, value) => operate(sum, fromFloat(toFloat64(value))), start)),
  )
}

/** Up from `limit` of a unit on; negative numbers are rounded by the same rule. */
function round(value: number, places: number, limit: number): number {
  const power = powerOfTen(places)
  const digit = power * value
  const part = digit - Math.trunc(digit)
  return (part >= limit ? Math.ceil(digit) : Math.floor(digit)) / power
}

function fromOctal(text: string): bigint {
  const [, sign = '', digits] = /^([+-]?)([0-7]+)$/.exec(text) ?? []
  if (digits === undefined) return 0n
  const value = BigInt(`0o${digits}`) * (sign === '-' ? -1n : 1n)
  return BigInt.asIntN(64, value) === value ? value : 0n
}

/** As Go's math.Pow multiplies it, which for large powers is not the nearest float. */
function powerOfTen(exponent: number): number {
  let mantissa = 1
  let binary = 0
  let square = 0.625
  let squareBinary = 4
  for (let left = Math.abs(exponent); left > 0; left = Math.floor(left / 2)) {
    if (left % 2 === 1) {
      mantissa *= square
      binary += squareBinary
    }
    square *= square
    squareBinary *= 2
    if (square < 0.5) {
      square += square
      squareBinary--
    }
  }
  return exponent < 0 ? (1 / mantissa) * 2 ** -binary : mantissa * 2 ** binary
}
