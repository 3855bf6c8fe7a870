/** Quantities in the spelling that Kubernetes' Go types give them. Source: apimachinery, pkg/api/resource, quantity.go. */

type Format = 'decimal' | 'exponent' | 'binary'

/** What a quantity's text consists of; `digits` and `fraction` without sign, point and leading zeros. */
interface Scanned {
  readonly negative: boolean
  readonly digits: string
  readonly fraction: string
  readonly format: Format
  /** Of ten, or of two when the format is binary. */
  readonly exponent: number
}

/** `unscaled` times ten to the power of `exponent`. */
interface Amount {
  readonly unscaled: bigint
  readonly exponent: number
}

const decimalSuffixes = new Map([
  ['n', -9],
  ['u', -6],
  ['m', -3],
  ['', 0],
  ['k', 3],
  ['M', 6],
  ['G', 9],
  ['T', 12],
  ['P', 15],
  ['E', 18],
])
const binarySuffixes = new Map([
  ['', 0],
  ['Ki', 10],
  ['Mi', 20],
  ['Gi', 30],
  ['Ti', 40],
  ['Pi', 50],
  ['Ei', 60],
])
// No two parts of it can take the same characters, or long digits would be tried in every way.
const pattern = /^([+-]?)(\d*)(?:\.(\d*))?((?:[eEinumkKMGTP]+[-+]?\d*)?)$/
const nano = -9
const maxInt64 = 2n ** 63n - 1n

/** Undefined when the text is no quantity. A text that is canonical enough for Kubernetes stays as it is: `007`, `5.`. */
export function canonicalizeQuantity(text: string): string | undefined {
  if (text === '0') return text
  const scanned = scan(text)
  if (scanned === undefined) return undefined
  const quick = readQuickly(scanned)
  if (quick === undefined) return readExactly(scanned)
  return isCanonical(scanned) ? text : formatAmount(quick, scanned.format)
}

function scan(text: string): Scanned | undefined {
  const match = pattern.exec(text)
  if (match === null || text === '') return undefined
  const [, sign, number = '', fraction = '', suffix = ''] = match
  const digits = number.replace(/^0+/, '') || '0'
  const rest = { negative: sign === '-', digits, fraction }
  const decimal = decimalSuffixes.get(suffix)
  if (decimal !== undefined) return { ...rest, format: 'decimal', exponent: decimal }
  const binary = binarySuffixes.get(suffix)
  if (binary !== undefined) return { ...rest, format: 'binary', exponent: binary }
  if (!/^[eE][+-]?\d{1,9}$/.test(suffix)) return undefined
  return { ...rest, format: 'exponent', exponent: Number(suffix.slice(1)) }
}

/** Kubernetes' path for amounts that fit 64 bits. */
function readQuickly(scanned: Scanned): Amount | undefined {
  const { negative, digits, fraction, format, exponent } = scanned
  const sign = negative ? -1n : 1n
  if (format === 'binary') {
    const room = 14 - digits.length - Math.trunc((exponent * 3) / 10)
    if (fraction !== '' || room < 0) return undefined
    const unscaled = BigInt(digits) << BigInt(exponent)
    return unscaled > maxInt64 ? undefined : { unscaled: sign * unscaled, exponent: 0 }
  }
  const scale = exponent - fraction.length
  if (digits.length + fraction.length > 18 || scale < nano) return undefined
  return { unscaled: sign * BigInt(digits + fraction), exponent: scale }
}

function isCanonical({ digits, fraction, format, exponent }: Scanned): boolean {
  if (format === 'binary') return exponent % 10 === 0 && (BigInt(digits) & 7n) !== 0n
  const shifted = digits + fraction
  return (
    (exponent - fraction.length) % 3 === 0 && !shifted.endsWith('000') && !shifted.startsWith('0')
  )
}

/** Rounds what is finer than a billionth away from zero. */
function readExactly({ negative, digits, fraction, format, exponent }: Scanned): string {
  const factor = format === 'binary' ? 1n << BigInt(exponent) : 1n
  const scale = (format === 'binary' ? 0 : exponent) - fraction.length
  let amount: Amount = { unscaled: BigInt(digits + fraction) * factor, exponent: scale }
  if (scale < nano) amount = { unscaled: shorten(amount.unscaled, nano - scale), exponent: nano }
  const limit = maxInt64 * 10n ** BigInt(Math.max(0, -amount.exponent))
  if (format === 'binary' && amount.unscaled > limit) amount = { unscaled: maxInt64, exponent: 0 }
  const { unscaled } = amount
  return formatAmount({ ...amount, unscaled: negative ? -unscaled : unscaled }, format)
}

/** Without so many decimal places, rounded up; the power of ten itself may be too large to be made. */
function shorten(value: bigint, places: number): bigint {
  if (value === 0n) return 0n
  if (places > String(value).length) return 1n
  const divisor = 10n ** BigInt(places)
  return (value + divisor - 1n) / divisor
}

function formatAmount({ unscaled, exponent }: Amount, format: Format): string {
  if (unscaled === 0n) return '0'
  const whole = format === 'binary' ? toWhole({ unscaled, exponent }) : undefined
  if (whole !== undefined && (whole >= 1024n || whole <= -1024n)) return formatBinary(whole)
  let mantissa = unscaled
  let power = exponent
  while (mantissa % 10n === 0n) {
    mantissa /= 10n
    power += 1
  }
  const excess = ((power % 3) + 3) % 3
  mantissa *= 10n ** BigInt(excess)
  power -= excess
  const suffix = [...decimalSuffixes].find(([, value]) => value === power)?.[0]
  if (format === 'exponent' || suffix === undefined)
    return `${mantissa}${power === 0 ? '' : `e${power}`}`
  return `${mantissa}${suffix}`
}

function toWhole({ unscaled, exponent }: Amount): bigint | undefined {
  if (exponent >= 0) return unscaled * 10n ** BigInt(exponent)
  const divisor = 10n ** BigInt(-exponent)
  return unscaled % divisor === 0n ? unscaled / divisor : undefined
}

function formatBinary(whole: bigint): string {
  let mantissa = whole
  let power = 0
  while (mantissa % 1024n === 0n && power < 60) {
    mantissa /= 1024n
    power += 10
  }
  const suffix = [...binarySuffixes].find(([, value]) => value === power)?.[0] ?? ''
  return `${mantissa}${suffix}`
}
