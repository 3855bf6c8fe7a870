/** Methods of time.Time and time.Location. Source: Go's time. */
import { FunctionError } from '../functions/function.ts'
import { goStringOf, stringOf } from '../stringer.ts'
import { durationType, durationValue, roundDuration, truncateDuration } from '../time/duration.ts'
import { formatTime } from '../time/format.ts'
import {
  addDuration,
  dayOfYear,
  durationBetween,
  fromCivil,
  type Instant,
  instantOf,
  local,
  locationValue,
  timeValue,
  utc,
  wallClock,
  zeroInstant,
  zoneOf,
} from '../time/instant.ts'
import { rfc3339Nano } from '../time/layout.ts'
import { type ConcreteValue, int, textOf, type Value } from '../values.ts'
import { byteList, getter, type Method, unusable } from './method.ts'

const second = 1_000_000_000n

function of(name: string, read: (instant: Instant) => Value): Method {
  return getter(name, (receiver) => read(instantFrom(receiver)))
}

function withTime(name: string, read: (instant: Instant, other: Instant) => Value): Method {
  return {
    name,
    parameters: ['time.Time'],
    run: (receiver, [other]) => read(instantFrom(receiver), instantFrom(other)),
  }
}

function withDuration(
  name: string,
  read: (instant: Instant, nanoseconds: bigint) => Instant,
): Method {
  return {
    name,
    parameters: [durationType],
    run: (receiver, [duration]) => timeValue(read(instantFrom(receiver), integer(duration))),
  }
}

function instantFrom(value: Value): Instant {
  return instantOf(value) ?? zeroInstant
}

function integer(value: Value): bigint {
  return typeof value === 'object' && value.kind === 'int' ? value.value : 0n
}

const nanos = ({ seconds, nanoseconds }: Instant) => seconds * second + BigInt(nanoseconds)
const int64 = (value: bigint): Value => ({
  kind: 'int',
  type: 'int64',
  value: BigInt.asIntN(64, value),
})
const named = (type: string, value: number): Value => ({ kind: 'int', type, value: BigInt(value) })
const order = (a: Instant, b: Instant) => (nanos(a) < nanos(b) ? -1 : nanos(a) > nanos(b) ? 1 : 0)
const tooMany = (name: string, count: number) =>
  unusable(name, `function ${name} has ${count} return values; should be 1 or 2`)
const noError = (name: string, type: string) =>
  unusable(
    name,
    `invalid function signature for ${name}: second return value should be error; is ${type}`,
  )

export const timeMethods: readonly Method[] = [
  getter('String', (receiver) => stringOf(receiver)),
  getter('GoString', (receiver) => goStringOf(receiver)),
  {
    name: 'Format',
    parameters: ['string'],
    run: (receiver, [layout]) => formatTime(instantFrom(receiver), textOf(layout) ?? ''),
  },
  of('Unix', ({ seconds }) => int64(seconds)),
  of('UnixMilli', (instant) => int64(floorDiv(nanos(instant), 1_000_000n))),
  of('UnixMicro', (instant) => int64(floorDiv(nanos(instant), 1000n))),
  of('UnixNano', (instant) => int64(nanos(instant))),
  of('Year', (instant) => int(wallClock(instant).getUTCFullYear())),
  of('Month', (instant) => named('time.Month', wallClock(instant).getUTCMonth() + 1)),
  of('Day', (instant) => int(wallClock(instant).getUTCDate())),
  of('Hour', (instant) => int(wallClock(instant).getUTCHours())),
  of('Minute', (instant) => int(wallClock(instant).getUTCMinutes())),
  of('Second', (instant) => int(wallClock(instant).getUTCSeconds())),
  of('Nanosecond', ({ nanoseconds }) => int(nanoseconds)),
  of('Weekday', (instant) => named('time.Weekday', wallClock(instant).getUTCDay())),
  of('YearDay', (instant) => int(dayOfYear(wallClock(instant)))),
  of('IsZero', (instant) => nanos(instant) === nanos(zeroInstant)),
  of('IsDST', () => false),
  of('UTC', (instant) => timeValue({ ...instant, zone: utc })),
  of('Local', (instant) => timeValue({ ...instant, zone: local })),
  of('Location', ({ zone }) => locationValue(zone)),
  {
    name: 'In',
    parameters: ['*time.Location'],
    run: (receiver, [location]) => {
      const target =
        typeof location === 'object' && location.kind === 'pointer' ? location.target : undefined
      const zone = zoneOf(target)
      if (zone === undefined) throw new FunctionError('time: missing Location in call to Time.In')
      return timeValue({ ...instantFrom(receiver), zone })
    },
  },
  withTime('Before', (a, b) => order(a, b) < 0),
  withTime('After', (a, b) => order(a, b) > 0),
  withTime('Equal', (a, b) => order(a, b) === 0),
  withTime('Compare', (a, b) => int(order(a, b))),
  withTime('Sub', (a, b) => durationValue(durationBetween(b, a))),
  withDuration('Add', addDuration),
  withDuration('Round', (instant, unit) => aligned(instant, unit, roundDuration)),
  withDuration('Truncate', (instant, unit) => aligned(instant, unit, truncateDuration)),
  { name: 'AddDate', parameters: ['int', 'int', 'int'], run: addDate },
  of('MarshalText', (instant) => byteList(formatTime(instant, rfc3339Nano))),
  of('MarshalJSON', (instant) => byteList(`"${formatTime(instant, rfc3339Nano)}"`)),
  noError('Zone', 'int'),
  noError('ISOWeek', 'int'),
  noError('ZoneBounds', 'time.Time'),
  tooMany('Date', 3),
  tooMany('Clock', 3),
]

export const locationMethods: readonly Method[] = [
  {
    ...getter('String', (receiver) => zoneOf(receiver)?.location ?? zoneOf(receiver)?.name),
    pointerOnly: true,
  },
]

function floorDiv(value: bigint, unit: bigint): bigint {
  const rest = ((value % unit) + unit) % unit
  return (value - rest) / unit
}

/** Multiples of `unit` are counted from Go's zero time. */
function aligned(
  instant: Instant,
  unit: bigint,
  align: (nanoseconds: bigint, unit: bigint) => bigint,
): Instant {
  const sinceZero = nanos(instant) - nanos(zeroInstant)
  return addDuration(instant, align(sinceZero, unit) - sinceZero)
}

function addDate(receiver: ConcreteValue, [years, months, days]: readonly Value[]): Value {
  const instant = instantFrom(receiver)
  const date = wallClock(instant)
  const civil = {
    year: date.getUTCFullYear() + Number(integer(years)),
    month: date.getUTCMonth() + 1 + Number(integer(months)),
    day: date.getUTCDate() + Number(integer(days)),
    hour: date.getUTCHours(),
    minute: date.getUTCMinutes(),
    second: date.getUTCSeconds(),
  }
  return timeValue(fromCivil(civil, instant.nanoseconds, instant.zone))
}
