/** Go's time.Duration: nanoseconds in 64 bits, printed as `1h2m3.5s`. Source: Go's time/time.go and format.go. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import type { GoInt } from '../values.ts'

export const durationType = 'time.Duration'

export function durationValue(nanoseconds: bigint): GoInt {
  return { kind: 'int', type: durationType, value: BigInt.asIntN(64, nanoseconds) }
}

const microsecond = 1000n
const millisecond = 1_000_000n
export const second = 1_000_000_000n
const minute = 60n * second
const hour = 60n * minute

/** `1h2m3.5s`, `1.5ms`, `0s`. */
export function formatDuration(nanoseconds: bigint): string {
  if (nanoseconds === 0n) return '0s'
  const sign = nanoseconds < 0n ? '-' : ''
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  if (size < microsecond) return `${sign}${size}ns`
  if (size < millisecond) return `${sign}${decimal(size, 3)}\u00c2\u00b5s`
  if (size < second) return `${sign}${decimal(size, 6)}ms`
  const seconds = `${decimal(size % minute, 9)}s`
  if (size < minute) return sign + seconds
  const minutes = `${(size / minute) % 60n}m${seconds}`
  return size < hour ? sign + minutes : `${sign}${size / hour}h${minutes}`
}

/** `value` with its last `places` digits behind the point, zeros at the end dropped. */
function decimal(value: bigint, places: number): string {
  const digits = String(value).padStart(places + 1, '0')
  const fraction = digits.slice(-places).replace(/0+$/, '')
  return digits.slice(0, -places) + (fraction === '' ? '' : `.${fraction}`)
}

/** Micro sign and Greek mu as byte strings, besides the letter u. */
const units = new Map<string, bigint>([
  ['ns', 1n],
  ['us', microsecond],
  ['\u00c2\u00b5s', microsecond],
  ['\u00ce\u00bcs', microsecond],
  ['ms', millisecond],
  ['s', second],
  ['m', minute],
  ['h', hour],
])

const term = /([0-9]*)(\.[0-9]*)?([^0-9.]*)/y
const limit = 2n ** 63n

/** Nanoseconds of `1h2m3.5s`. Throws `FunctionError` in Go's words. */
export function parseGoDuration(text: string): bigint {
  const fail = (what: string, ...unit: readonly string[]): never => {
    const shown = unit.map((name) => ({ value: `${quote(name)} ` }))
    throw new FunctionError(`time: ${what} `, ...shown, unit.length === 0 ? '' : 'in duration ', {
      value: quote(text),
    })
  }
  const [, sign = '', rest = ''] = /^([+-]?)(.*)$/s.exec(text) ?? []
  if (rest === '0') return 0n
  if (rest === '') fail('invalid duration')
  let total = 0n
  for (let at = 0; at < rest.length; ) {
    term.lastIndex = at
    const [all = '', whole = '', point = '', unit = ''] = term.exec(rest) ?? []
    if (whole === '' && point.length < 2) fail('invalid duration')
    if (unit === '') fail('missing unit in duration')
    const size = units.get(unit) ?? fail('unknown unit', unit)
    const fraction = point.slice(1)
    total += BigInt(whole === '' ? 0 : whole) * size
    if (fraction !== '') total += (BigInt(fraction) * size) / 10n ** BigInt(fraction.length)
    if (total > limit) fail('invalid duration')
    at += all.length
  }
  if (sign === '-') return -total
  return total < limit ? total : fail('invalid duration')
}

/** As hours, minutes or seconds. */
export function durationIn(nanoseconds: bigint, unit: 'h' | 'm' | 's'): number {
  const size = units.get(unit) ?? 1n
  return Number(nanoseconds / size) + Number(nanoseconds % size) / Number(size)
}

/** To the nearest multiple of `unit`, halves away from zero. */
export function roundDuration(nanoseconds: bigint, unit: bigint): bigint {
  if (unit <= 0n) return nanoseconds
  const size = nanoseconds < 0n ? -nanoseconds : nanoseconds
  const rest = size % unit
  const rounded = rest + rest < unit ? size - rest : size - rest + unit
  return nanoseconds < 0n ? -rounded : rounded
}

export function truncateDuration(nanoseconds: bigint, unit: bigint): bigint {
  return unit <= 0n ? nanoseconds : nanoseconds - (nanoseconds % unit)
}
