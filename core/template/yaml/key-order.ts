/** The order of keys in YAML output, natural for people: `a2` before `a10`. Source: yaml.v2's sorter. */
import { runesOf } from '../byte-string.ts'
import type { MapEntry } from '../map-key.ts'
import type { ConcreteValue } from '../values.ts'

/** Numbers and booleans by value first, then nil, then strings. */
export function inNaturalOrder(entries: readonly MapEntry[]): readonly MapEntry[] {
  return entries.toSorted((left, right) => compareKeys(left.key, right.key))
}

function compareKeys(left: ConcreteValue | undefined, right: ConcreteValue | undefined): number {
  if (typeof left === 'string' && typeof right === 'string') return compareTexts(left, right)
  const [a, b] = [numberOf(left), numberOf(right)]
  if (a !== undefined && b !== undefined && a !== b) return a - b
  return rankOf(left) - rankOf(right)
}

/** Go's order of kinds, an empty interface among them. */
const kinds = ['bool', 'int', 'uint', 'float', 'nil', 'string']

function rankOf(key: ConcreteValue | undefined): number {
  if (key === undefined) return kinds.indexOf('nil')
  if (typeof key === 'boolean') return kinds.indexOf('bool')
  return kinds.indexOf(typeof key === 'string' ? 'string' : key.kind)
}

function numberOf(key: ConcreteValue | undefined): number | undefined {
  if (typeof key === 'boolean') return Number(key)
  if (typeof key !== 'object') return undefined
  if (key.kind === 'int' || key.kind === 'uint' || key.kind === 'float') return Number(key.value)
  return undefined
}

function compareTexts(left: string, right: string): number {
  const a = Array.from(runesOf(left), ({ rune }) => rune)
  const b = Array.from(runesOf(right), ({ rune }) => rune)
  const shared = Math.min(a.length, b.length)
  for (let at = 0; at < shared; at++) {
    if (a[at] !== b[at]) return compareFrom(a, b, at)
  }
  return a.length - b.length
}

/** Compares where the texts first differ: letters behind everything else, runs of digits as numbers. */
function compareFrom(a: readonly number[], b: readonly number[], at: number): number {
  const [left = 0, right = 0] = [a[at], b[at]]
  const [leftIsLetter, rightIsLetter] = [isLetter(left), isLetter(right)]
  if (leftIsLetter && rightIsLetter) return left - right
  if (leftIsLetter || rightIsLetter) return rightIsLetter ? -1 : 1
  const inNumber = (left === zero || right === zero) && followsNonZeroDigit(a, at)
  const [m, n] = [digitsFrom(a, at, inNumber), digitsFrom(b, at, inNumber)]
  if (m.value !== n.value) return m.value < n.value ? -1 : 1
  return m.end === n.end ? left - right : m.end - n.end
}

const zero = 0x30

/** A zero inside a number counts: 10 and 1 differ, 01 and 1 do not. */
function followsNonZeroDigit(text: readonly number[], at: number): boolean {
  for (let index = at - 1; index >= 0; index--) {
    const rune = text[index] ?? 0
    if (!isDigit(rune)) return false
    if (rune !== zero) return true
  }
  return false
}

function digitsFrom(
  text: readonly number[],
  at: number,
  inNumber: boolean,
): { readonly value: bigint; readonly end: number } {
  let value = inNumber ? 1n : 0n
  let end = at
  for (; isDigit(text[end] ?? 0); end++) {
    value = BigInt.asIntN(64, value * 10n + BigInt((text[end] ?? 0) - zero))
  }
  return { value, end }
}

function isLetter(rune: number): boolean {
  return rune < 0x80
    ? /[A-Za-z]/.test(String.fromCharCode(rune))
    : /\p{L}/u.test(String.fromCodePoint(rune))
}

function isDigit(rune: number): boolean {
  return rune < 0x80 ? rune >= zero && rune <= 0x39 : /\p{Nd}/u.test(String.fromCodePoint(rune))
}
