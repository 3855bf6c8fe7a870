/** Decimal arithmetic without rounding errors. Source: shopspring/decimal. */
import { FunctionError } from './functions/function.ts'

/** `coefficient` · 10^`exponent`. */
export interface Decimal {
  readonly coefficient: bigint
  readonly exponent: number
}

/** The decimal that the shortest text of the float spells. Throws `FunctionError` for what is no number. */
export function fromFloat(value: number): Decimal {
  if (!Number.isFinite(value)) {
    const name = Number.isNaN(value) ? 'NaN' : value > 0 ? '+Inf' : '-Inf'
    throw new FunctionError(`Cannot create a Decimal from ${name}`)
  }
  const [mantissa = '0', exponent = '0'] = value.toExponential().split('e')
  const [whole = '0', fraction = ''] = mantissa.split('.')
  return { coefficient: BigInt(whole + fraction), exponent: Number(exponent) - fraction.length }
}

export function toFloat({ coefficient, exponent }: Decimal): number {
  return Number(`${coefficient}e${exponent}`)
}

function scaleTo({ coefficient, exponent }: Decimal, target: number): bigint {
  return coefficient * 10n ** BigInt(exponent - target)
}

export function add(a: Decimal, b: Decimal): Decimal {
  const exponent = Math.min(a.exponent, b.exponent)
  return { coefficient: scaleTo(a, exponent) + scaleTo(b, exponent), exponent }
}

export function subtract(a: Decimal, b: Decimal): Decimal {
  return add(a, { ...b, coefficient: -b.coefficient })
}

export function multiply(a: Decimal, b: Decimal): Decimal {
  return { coefficient: a.coefficient * b.coefficient, exponent: a.exponent + b.exponent }
}

const places = 16

/** Rounded to 16 places, halves away from zero. */
export function divide(a: Decimal, b: Decimal): Decimal {
  if (b.coefficient === 0n) throw new FunctionError('decimal division by 0')
  const shift = a.exponent - b.exponent + places
  const dividend = shift >= 0 ? a.coefficient * 10n ** BigInt(shift) : a.coefficient
  const divisor = shift >= 0 ? b.coefficient : b.coefficient * 10n ** BigInt(-shift)
  const quotient = dividend / divisor
  const rest = magnitude(dividend % divisor) * 2n
  if (rest < magnitude(divisor)) return { coefficient: quotient, exponent: -places }
  const away = dividend < 0n === divisor < 0n ? 1n : -1n
  return { coefficient: quotient + away, exponent: -places }
}

function magnitude(value: bigint): bigint {
  return value < 0n ? -value : value
}
