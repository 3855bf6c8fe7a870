/** Number and character literals, which stand for every Go type that can hold them. Source: Go's text/template/parse/node.go. */
import { quote, unquoteRune } from './quote.ts'
import { parseGoFloat, parseGoInt, parseGoUint } from './strconv.ts'

export interface NumberLiteral {
  /** As written. */
  readonly text: string
  /** Present where the value fits Go's int64. */
  readonly int?: bigint
  /** Present where the value fits Go's uint64. */
  readonly uint?: bigint
  readonly float?: number
  /** Present for imaginary literals. */
  readonly complex?: { readonly real: number; readonly imaginary: number }
}

/** The message of an error, or the literal. */
export type NumberResult = NumberLiteral | { readonly problem: string }

/** Source: NewNumber; `1e400` is refused although it looks like a number, `09` is an overflow. */
export function parseNumber(text: string): NumberResult {
  if (text.endsWith('i')) {
    const imaginary = parseGoFloat(text.slice(0, -1))
    if (imaginary.kind === 'ok') return fromComplex(text, 0, imaginary.value)
  }
  const uint = parseGoUint(text, 0)
  const int = parseGoInt(text, 0)
  if (int.kind === 'ok') {
    const unsigned = uint.kind === 'ok' || int.value === 0n ? { uint: int.value } : {}
    return { text, int: int.value, float: Number(int.value), ...unsigned }
  }
  if (uint.kind === 'ok') return { text, uint: uint.value, float: Number(uint.value) }
  const float = parseGoFloat(text)
  if (float.kind !== 'ok') return { problem: `illegal number syntax: ${quote(text)}` }
  if (!/[.eEpP]/.test(text)) return { problem: `integer overflow: ${quote(text)}` }
  return { text, float: float.value, ...integersOf(float.value) }
}

/** `'a'` is an int, a uint and a float at once. */
export function parseCharacter(text: string): NumberResult {
  const rune = unquoteRune(text)
  if (rune === undefined) return { problem: 'invalid syntax' }
  if (rune === 'several') return { problem: `malformed character constant: ${text}` }
  return { text, int: BigInt(rune), uint: BigInt(rune), float: rune }
}

/** `1+2i` */
export function parseComplex(text: string): NumberResult {
  const split = Math.max(text.lastIndexOf('+'), text.lastIndexOf('-'))
  const afterExponent = /[eEpP]$/.test(text.slice(0, split))
  const at = afterExponent ? lastSign(text, split - 1) : split
  const real = parseGoFloat(text.slice(0, at))
  const imaginary = parseGoFloat(text.slice(at, -1))
  if (real.kind !== 'ok' || imaginary.kind !== 'ok')
    return { problem: 'syntax error scanning complex number' }
  return fromComplex(text, real.value, imaginary.value)
}

function lastSign(text: string, from: number): number {
  return Math.max(text.lastIndexOf('+', from), text.lastIndexOf('-', from))
}

function fromComplex(text: string, real: number, imaginary: number): NumberLiteral {
  const complex = { real, imaginary }
  return imaginary === 0 ? { text, complex, float: real, ...integersOf(real) } : { text, complex }
}

function integersOf(float: number): { readonly int?: bigint; readonly uint?: bigint } {
  if (!Number.isInteger(float)) return {}
  const int = float >= -(2 ** 63) && float < 2 ** 63 ? { int: BigInt(float) } : {}
  const uint = float >= 0 && float < 2 ** 64 ? { uint: BigInt(float) } : {}
  return { ...int, ...uint }
}
