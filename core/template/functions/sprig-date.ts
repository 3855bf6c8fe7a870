/** sprig's dates and durations. Source: sprig's date.go. */
import { parseGoInt } from '../strconv.ts'
import {
  durationValue,
  formatDuration,
  parseGoDuration,
  roundDuration,
  second,
} from '../time/duration.ts'
import {
  addDuration,
  durationBetween,
  fromMilliseconds,
  type Instant,
  instantOf,
  timeValue,
  utc,
  zeroInstant,
} from '../time/instant.ts'
import { parseTime } from '../time/parse.ts'
import type { Value } from '../values.ts'
import {
  anyParameter,
  binary,
  type FunctionHost,
  type GoFunction,
  orElse,
  type Parameter,
  stringParameter,
  unary,
} from './function.ts'

const twoTexts = [stringParameter, stringParameter] as const

const timeParameter: Parameter<Instant> = {
  type: 'time.Time',
  read: (value) => instantOf(value) ?? zeroInstant,
}

export const sprigDateFunctions: readonly GoFunction[] = [
  unary('sprig_ago', anyParameter, ago),
  unary('sprig_duration', anyParameter, (value) => formatDuration(secondsOf(value) * second)),
  unary('sprig_durationRound', anyParameter, roundedDuration),
  binary('sprig_toDate', twoTexts, (layout, text) =>
    timeValue(orElse(zeroInstant, () => parseTime(layout, text))),
  ),
  binary('sprig_mustToDate', twoTexts, (layout, text) => timeValue(parseTime(layout, text))),
  ...['sprig_must_date_modify', 'sprig_mustDateModify'].map((name) =>
    binary(name, [stringParameter, timeParameter], (duration, time) =>
      timeValue(addDuration(time, parseGoDuration(duration))),
    ),
  ),
  unary('sprig_unixEpoch', timeParameter, ({ seconds }) => String(seconds)),
]

/** How long ago a time or a number of seconds since the epoch was; anything else is now. */
function ago(value: Value, { now }: FunctionHost): string {
  const current = fromMilliseconds(now())
  const then = instantOf(value) ?? fromSeconds(value) ?? current
  return formatDuration(durationValue(roundDuration(durationBetween(then, current), second)).value)
}

function fromSeconds(value: Value): Instant | undefined {
  if (typeof value !== 'object' || value.kind !== 'int') return undefined
  if (value.type !== 'int' && value.type !== 'int64') return undefined
  return { seconds: value.value, nanoseconds: 0, zone: utc }
}

/** Texts and int64 count, even an int is none. */
function secondsOf(value: Value): bigint {
  if (typeof value === 'string') return integerOf(value)
  return isInt64(value) ? value.value : 0n
}

/** What does not fit is the nearest that does, as strconv returns it beside its error. */
function integerOf(text: string): bigint {
  const parsed = parseGoInt(text, 10)
  if (parsed.kind === 'ok') return parsed.value
  if (parsed.reason === 'invalid syntax') return 0n
  return text.startsWith('-') ? -(2n ** 63n) : 2n ** 63n - 1n
}

function isInt64(value: Value): value is { kind: 'int'; type: string; value: bigint } {
  return typeof value === 'object' && value.kind === 'int' && value.type === 'int64'
}

const hour = 3600n * second

/** From the largest on; a size equal to a unit still counts in the next smaller one. */
const units: readonly (readonly [bigint, string])[] = [
  [365n * 24n * hour, 'y'],
  [30n * 24n * hour, 'mo'],
  [24n * hour, 'd'],
  [hour, 'h'],
  [60n * second, 'm'],
  [second, 's'],
]

function roundedDuration(value: Value, { now }: FunctionHost): string {
  const duration = durationFrom(value, now)
  const size = duration < 0n ? -duration : duration
  const found = units.find(([unit]) => size > unit)
  return found === undefined ? '0s' : `${size / found[0]}${found[1]}`
}

function durationFrom(value: Value, now: () => number): bigint {
  if (typeof value === 'string') return orElse(0n, () => parseGoDuration(value))
  const instant = instantOf(value)
  if (instant !== undefined) return durationBetween(instant, fromMilliseconds(now()))
  return isInt64(value) ? value.value : 0n
}
