/** Arithmetic over Go's number types; `subtract 2 5` is 3, made for pipes. Source: consul-template's template/funcs.go. */
import { sprintf } from '../printf.ts'
import { box, float, type GoFloat, type GoInt, typeOf, type Value } from '../values.ts'
import { anyParameter, binary, FunctionError, type GoFunction } from './function.ts'

const twoValues = [anyParameter, anyParameter] as const

/** One operation over whole numbers and, unless it has none, over floats. */
interface Operation {
  readonly ints: (left: bigint, right: bigint) => bigint
  readonly floats?: (left: number, right: number) => number
}

export const mathFunctions: readonly GoFunction[] = [
  arithmetic('add', { ints: (a, b) => a + b, floats: (a, b) => a + b }),
  arithmetic('subtract', { ints: (a, b) => a - b, floats: (a, b) => a - b }),
  arithmetic('multiply', { ints: (a, b) => a * b, floats: (a, b) => a * b }),
  arithmetic('divide', { ints: (a, b) => a / nonZero(b), floats: (a, b) => a / b }),
  arithmetic('modulo', { ints: (a, b) => a % nonZero(b) }),
  choice('minimum', (a, b) => a < b),
  choice('maximum', (a, b) => a > b),
]

function nonZero(divisor: bigint): bigint {
  if (divisor === 0n) throw new FunctionError('runtime error: integer divide by zero')
  return divisor
}

/** The pipe supplies the left operand, so it comes second. */
function arithmetic(name: string, { ints, floats }: Operation): GoFunction {
  return binary(name, twoValues, (second, first) => {
    const left = toNumber(name, first, floats !== undefined)
    const right = toNumber(name, second, floats !== undefined)
    if (left.kind !== 'float' && right.kind !== 'float') {
      const isUnsigned = left.kind === 'uint' && right.kind === 'uint'
      return box(wrap(isUnsigned, ints(signed(left, isUnsigned), signed(right, isUnsigned))))
    }
    return box(float(floats?.(Number(left.value), Number(right.value)) ?? Number.NaN))
  })
}

/** The operand that `isBetter` than the other, widened to 64 bits; the one given first where neither is. */
function choice(
  name: string,
  isBetter: (left: Comparable, right: Comparable) => boolean,
): GoFunction {
  return binary(name, twoValues, (second, first) => {
    const left = toNumber(name, first, true)
    const right = toNumber(name, second, true)
    return box(widen(isBetter(comparable(left, right), comparable(right, left)) ? left : right))
  })
}

type Comparable = bigint | number

/** Beside a float a float, beside a signed number a signed one. */
function comparable(value: GoInt | GoFloat, other: GoInt | GoFloat): Comparable {
  if (value.kind === 'float' || other.kind === 'float') return Number(value.value)
  return signed(value, other.kind === 'uint')
}

function widen(value: GoInt | GoFloat): Value {
  return value.kind === 'float' ? value : wrap(value.kind === 'uint', value.value)
}

function signed({ value }: GoInt, isUnsigned: boolean): bigint {
  return isUnsigned ? value : BigInt.asIntN(64, value)
}

/** Overflow wraps around, as in Go. */
function wrap(isUnsigned: boolean, value: bigint): GoInt {
  return isUnsigned
    ? { kind: 'uint', type: 'uint64', value: BigInt.asUintN(64, value) }
    : { kind: 'int', type: 'int64', value: BigInt.asIntN(64, value) }
}

function toNumber(name: string, value: Value, acceptsFloat: boolean): GoInt | GoFloat {
  if (typeof value === 'object') {
    if (value.kind === 'int' || value.kind === 'uint') return value
    if (value.kind === 'float' && acceptsFloat) return value
  }
  const shown = value === undefined ? '<invalid reflect.Value>' : sprintf('%q', [value])
  throw new FunctionError(`${name}: unknown type for `, { value: shown }, ` (${typeOf(value)})`)
}
