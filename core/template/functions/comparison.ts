/** Go's comparisons: by kind, never across kinds except int and uint. Source: Go's text/template/funcs.go. */

import { sprint } from '../printer.ts'
import { sprintf } from '../printf.ts'
import { indirect, kindOf, textOf, typeOf, unbox, type Value } from '../values.ts'
import {
  binary,
  FunctionError,
  type GoFunction,
  reflectedParameter,
  variadicAfter,
} from './function.ts'

const both = [reflectedParameter, reflectedParameter] as const

export const comparisonFunctions: readonly GoFunction[] = [
  variadicAfter('eq', both, equalsAny),
  binary('ne', both, (left, right) => !equals(left, right)),
  binary('lt', both, isLess),
  binary('le', both, (left, right) => isLess(left, right) || equals(left, right)),
  binary('gt', both, (left, right) => !(isLess(left, right) || equals(left, right))),
  binary('ge', both, (left, right) => !isLess(left, right)),
]

function equalsAny(first: Value, others: readonly Value[]): boolean {
  if (others.length === 0) throw new FunctionError('missing argument for comparison')
  return others.some((other) => equals(first, other))
}

type Comparable = bigint | number | string

/** What a basic value compares by: its number or its bytes. */
function comparableOf(value: Value): Comparable | undefined {
  if (typeof value === 'object' && (value.kind === 'int' || value.kind === 'uint'))
    return value.value
  if (typeof value === 'object' && value.kind === 'float') return value.value
  return textOf(value)
}

/** Int and uint compare with each other by value, other kinds only with themselves. */
function comparisonKind(value: Value): string {
  const kind = kindOf(value)
  return kind === 'uint' ? 'int' : kind
}

function equals(givenLeft: Value, givenRight: Value): boolean {
  const left = unbox(givenLeft)
  const right = unbox(givenRight)
  if (left === undefined || right === undefined) return isNil(left) && isNil(right)
  const kind = comparisonKind(left)
  const isBasic = basicKinds.has(kind)
  if (kind !== comparisonKind(right)) {
    if (isBasic || basicKinds.has(comparisonKind(right))) failIncompatible(left, right)
    throw new FunctionError(
      'non-comparable types ',
      { value: sprintf('%s', [left]) },
      `: ${typeOf(left)}, ${typeOf(right)}: `,
      { value: sprint([right]) },
    )
  }
  if (kind === 'bool') return left === right
  const number = comparableOf(left)
  if (number !== undefined) return number === comparableOf(right)
  if (typeof left === 'object' && left.kind === 'complex') return equalComplex(left, right)
  if (isNil(left) || isNil(right)) return isNil(left) === isNil(right)
  if (kind === 'slice' || kind === 'map') {
    throw new FunctionError(
      'non-comparable type ',
      { value: sprintf('%s', [right]) },
      `: ${typeOf(right)}`,
    )
  }
  return indirect(left).value === indirect(right).value
}

const basicKinds: ReadonlySet<string> = new Set(['bool', 'complex', 'float', 'int', 'string'])

function equalComplex(
  left: { readonly real: number; readonly imaginary: number },
  right: Value,
): boolean {
  if (typeof right !== 'object' || right.kind !== 'complex') return false
  return left.real === right.real && left.imaginary === right.imaginary
}

function isNil(value: Value): boolean {
  if (value === undefined) return true
  if (typeof value !== 'object') return false
  if (value.kind === 'pointer') return value.target === undefined
  return (value.kind === 'slice' || value.kind === 'map') && value.isNil === true
}

function isLess(givenLeft: Value, givenRight: Value): boolean {
  const left = unbox(givenLeft)
  const right = unbox(givenRight)
  const isBasic = [left, right].every((value) => basicKinds.has(comparisonKind(value)))
  if (!isBasic) throw new FunctionError('invalid type for comparison')
  if (comparisonKind(left) !== comparisonKind(right)) failIncompatible(left, right)
  const leftKey = comparableOf(left)
  const rightKey = comparableOf(right)
  if (leftKey === undefined || rightKey === undefined) {
    throw new FunctionError('invalid type for comparison')
  }
  return leftKey < rightKey
}

function failIncompatible(left: Value, right: Value): never {
  throw new FunctionError(`incompatible types for comparison: ${typeOf(left)} and ${typeOf(right)}`)
}
