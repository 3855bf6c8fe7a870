/** Floats as text, digit for digit as Go writes them. Source: Go's strconv.FormatFloat for 64 bits. */

export type FloatVerb = 'e' | 'E' | 'f' | 'g' | 'G' | 'b' | 'x' | 'X'

/** Significant digits without leading or trailing zeros; the value is `0.DIGITS` times ten to the power of `point`. */
interface Decimal {
  readonly digits: string
  readonly point: number
}

/** `precision` -1 asks for the fewest digits that read back as the same number. */
export function formatFloat(value: number, verb: FloatVerb, precision: number): string {
  if (Number.isNaN(value)) return 'NaN'
  if (!Number.isFinite(value)) return value > 0 ? '+Inf' : '-Inf'
  const sign = value < 0 || Object.is(value, -0) ? '-' : ''
  return sign + formatMagnitude(Math.abs(value), verb, precision)
}

function formatMagnitude(value: number, verb: FloatVerb, precision: number): string {
  switch (verb) {
    case 'b':
      return formatBinary(value)
    case 'x':
      return formatHex(value, precision)
    case 'X':
      return formatHex(value, precision).toUpperCase()
    case 'f':
      return formatPlain(
        precision < 0 ? shortest(value) : rounded(value, precision, true),
        precision,
      )
    case 'g':
    case 'G':
      return formatGeneral(value, verb === 'g' ? 'e' : 'E', precision)
    default: {
      const decimal = precision < 0 ? shortest(value) : rounded(value, precision + 1, false)
      return formatExponent(decimal, verb, precision)
    }
  }
}

function formatGeneral(value: number, letter: 'e' | 'E', precision: number): string {
  const wanted = precision === 0 ? 1 : precision
  const decimal = wanted < 0 ? shortest(value) : rounded(value, wanted, false)
  const { digits, point } = decimal
  const count = digits.length
  const limit = wanted < 0 ? 6 : wanted > count && count >= point ? count : wanted
  const exponent = count === 0 ? -1 : point - 1
  if (exponent < -4 || exponent >= limit) {
    const kept = wanted < 0 || wanted > count ? count : wanted
    return formatExponent(decimal, letter, kept - 1)
  }
  return formatPlain(decimal, Math.max(count - point, 0))
}

/** `d.ddde±dd`, with `precision` digits behind the point, -1 for all there are. */
function formatExponent({ digits, point }: Decimal, letter: 'e' | 'E', precision: number): string {
  const fraction =
    precision < 0 ? digits.slice(1) : digits.slice(1, precision + 1).padEnd(precision, '0')
  const exponent = digits === '' ? 0 : point - 1
  const magnitude = String(Math.abs(exponent)).padStart(2, '0')
  const mantissa = (digits[0] ?? '0') + (fraction === '' ? '' : `.${fraction}`)
  return `${mantissa}${letter}${exponent < 0 ? '-' : '+'}${magnitude}`
}

/** `ddd.ddd`, with `precision` digits behind the point, -1 for all there are. */
function formatPlain({ digits, point }: Decimal, precision: number): string {
  const whole = point > 0 ? digits.slice(0, point).padEnd(point, '0') : '0'
  const behind = point > 0 ? digits.slice(point) : digits === '' ? '' : '0'.repeat(-point) + digits
  const fraction = precision < 0 ? behind : behind.padEnd(precision, '0')
  return fraction === '' ? whole : `${whole}.${fraction}`
}

/** The fewest digits that read back as `value`, which JavaScript finds as Go does. */
function shortest(value: number): Decimal {
  const [mantissa = '', exponent] = value.toExponential().split('e')
  return trimmed(mantissa.replace('.', ''), Number(exponent) + 1)
}

function trimmed(digits: string, point: number): Decimal {
  const kept = digits.replace(/0+$/, '')
  return { digits: kept, point: kept === '' ? 0 : point }
}

/** The exact value rounded half to even: to `count` digits, or to `count` digits behind the point. */
function rounded(value: number, count: number, behindPoint: boolean): Decimal {
  const exact = exactDigits(value)
  const keep = behindPoint ? exact.point + count : count
  if (keep >= exact.digits.length) return exact
  if (keep < 0) return { digits: '', point: 0 }
  const kept = exact.digits.slice(0, keep)
  if (!roundsUp(exact.digits, keep)) return trimmed(kept, exact.point)
  const raised = (BigInt(`0${kept}`) + 1n).toString().padStart(keep, '0')
  return trimmed(raised, exact.point + raised.length - keep)
}

function roundsUp(digits: string, keep: number): boolean {
  const next = digits[keep] ?? '0'
  const isHalf = next === '5' && keep + 1 === digits.length
  if (isHalf) return keep > 0 && Number(digits[keep - 1]) % 2 === 1
  return next >= '5'
}

/** Every digit of the number; a double has at most some 770. */
function exactDigits(value: number): Decimal {
  if (value === 0) return { digits: '', point: 0 }
  const { mantissa, exponent } = split(value)
  if (exponent >= 0) {
    const digits = (mantissa << BigInt(exponent)).toString()
    return trimmed(digits, digits.length)
  }
  const digits = (mantissa * 5n ** BigInt(-exponent)).toString()
  return trimmed(digits, digits.length + exponent)
}

/** `value` = mantissa · 2^exponent, the mantissa with 53 bits unless the number is subnormal. */
function split(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  const view = new DataView(new ArrayBuffer(8))
  view.setFloat64(0, value)
  const bits = view.getBigUint64(0)
  const biased = Number((bits >> 52n) & 0x7ffn)
  const fraction = bits & 0xfffffffffffffn
  if (biased === 0) return { mantissa: fraction, exponent: -1074 }
  return { mantissa: fraction | (1n << 52n), exponent: biased - 1075 }
}

function formatBinary(value: number): string {
  const { mantissa, exponent } = split(value)
  return `${mantissa}p${exponent < 0 ? '-' : '+'}${Math.abs(exponent)}`
}

/** `0x1.8p+01`, mantissa normalised to one digit before the point. */
function formatHex(value: number, precision: number): string {
  const { mantissa, exponent } = normalise(value)
  const places = precision < 0 || precision >= 13 ? 13 : precision
  const shifted = roundShift(mantissa, BigInt(4 * (13 - places)))
  const overflow = shifted >> BigInt(4 * places) > 1n
  const digits = (overflow ? shifted >> 1n : shifted).toString(16).padStart(places + 1, '0')
  const behind = digits.slice(1)
  const fraction = precision < 0 ? behind.replace(/0+$/, '') : behind.padEnd(precision, '0')
  const power = overflow ? exponent + 1 : exponent
  const magnitude = String(Math.abs(power)).padStart(2, '0')
  const point = fraction === '' ? '' : `.${fraction}`
  return `0x${digits[0]}${point}p${power < 0 ? '-' : '+'}${magnitude}`
}

function normalise(value: number): { readonly mantissa: bigint; readonly exponent: number } {
  if (value === 0) return { mantissa: 0n, exponent: 0 }
  const { mantissa, exponent } = split(value)
  const missing = 53 - mantissa.toString(2).length
  return { mantissa: mantissa << BigInt(missing), exponent: exponent + 52 - missing }
}

/** Shifts right, rounding half to even. */
function roundShift(value: bigint, bits: bigint): bigint {
  if (bits === 0n) return value
  const kept = value >> bits
  const rest = value & ((1n << bits) - 1n)
  const half = 1n << (bits - 1n)
  return rest > half || (rest === half && (kept & 1n) === 1n) ? kept + 1n : kept
}
