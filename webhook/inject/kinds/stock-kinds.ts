/** How vault-k8s reads values that we read more strictly: with Go's parsers, or not at all. */

import { isObject } from '../../../core/plain-object.ts'
import { parseGoFloat, parseGoInt, parseGoUint } from '../../../core/template/strconv.ts'
import { bool, patchText, text, type ValueKind } from './value-kinds.ts'

/** Taken as it is. */
export const anyText: ValueKind<string> = text

/** A bigint where a number would round. */
export type Whole = number | bigint

function narrow(value: bigint): Whole {
  const number = Number(value)
  return Number.isSafeInteger(number) ? number : value
}

/** 64 bits with a sign; empty is 0. Source: mapstructure's weak decoding. */
export const int64: ValueKind<Whole> = {
  expected: 'a whole number',
  parse: (value) => {
    if (value === '') return 0
    const parsed = parseGoInt(value, 10)
    return parsed.kind === 'ok' ? narrow(parsed.value) : undefined
  },
  shown: true,
}

/** 64 bits without a sign; empty is none. */
export const uint64: ValueKind<Whole> = {
  expected: 'a whole number, not negative',
  parse: (value) => {
    const parsed = parseGoUint(value, 10)
    return parsed.kind === 'ok' ? narrow(parsed.value) : undefined
  },
  shown: true,
}

/** May be infinite or NaN, which no configuration can hold. */
export const float64: ValueKind<number> = {
  expected: 'a number',
  parse: (value) => {
    const parsed = parseGoFloat(value)
    return parsed.kind === 'ok' ? parsed.value : undefined
  },
  shown: true,
}

/** Some of the operations may be null, which fail only when they are applied. */
export const patchWithNulls: ValueKind<string> = patchText(
  (element) => element === null || isObject(element),
)

/** Whatever is no boolean counts as false. */
export const boolOrFalse: ValueKind<boolean> = {
  ...bool,
  parse: (value) => bool.parse(value) ?? false,
}

const unitNs = new Map([
  ['ns', 1],
  ['us', 1e3],
  ['µs', 1e3],
  ['μs', 1e3],
  ['ms', 1e6],
  ['s', 1e9],
  ['m', 6e10],
  ['h', 3.6e12],
])
const durationPart = /(\d+(?:\.\d*)?|\.\d+)(ns|us|µs|μs|ms|s|m|h)/g
const wholeDuration = /^(?:(?:\d+(?:\.\d*)?|\.\d+)(?:ns|us|µs|μs|ms|s|m|h))+$/

/** Passed on as it is written; empty is the default. Source: Go's time.ParseDuration. */
export const goDuration: ValueKind<string> = {
  expected: 'a duration such as "90s", "5m" or "1h30m"',
  parse: (value) => (value === '' || isGoDuration(value) ? value : undefined),
  shown: true,
}

function isGoDuration(value: string): boolean {
  const unsigned = value.replace(/^[-+]/, '')
  if (unsigned === '0') return true
  if (!wholeDuration.test(unsigned)) return false
  const parts = [...unsigned.matchAll(durationPart)]
  return (
    parts.reduce((sum, [, n, unit]) => sum + Number(n) * (unitNs.get(unit ?? '') ?? 0), 0) < 2 ** 63
  )
}

/** Split at the commas and nothing else. */
export const untrimmedList: ValueKind<readonly string[]> = {
  expected: 'names with commas between them',
  parse: (value) => value.split(','),
  shown: false,
}
