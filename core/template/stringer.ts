/** Values that print themselves: Go's fmt.Stringer and fmt.GoStringer. */
import { quote } from './quote.ts'
import { formatVersion } from './semver.ts'
import { versionOf } from './semver-value.ts'
import { durationType, formatDuration } from './time/duration.ts'
import { formatTime } from './time/format.ts'
import { type Instant, instantOf, local, utc, wallClock, zoneOf } from './time/instant.ts'
import { monthNames, printedLayout, weekdayNames } from './time/layout.ts'
import { type GoInt, typeOf, type Value } from './values.ts'

/** What the value's `String` method says; undefined where it has none. */
export function stringOf(value: Value): string | undefined {
  if (typeof value !== 'object') return undefined
  if (value.kind === 'int') return namedInteger(value)
  if (value.kind !== 'struct' && value.kind !== 'pointer') return undefined
  const version = versionOf(value)
  if (version !== undefined) return formatVersion(version)
  const target = value.kind === 'pointer' ? value.target : value
  const instant = instantOf(target)
  if (instant !== undefined) return formatTime(instant, printedLayout)
  const isLocation = typeOf(value) === '*time.Location'
  return isLocation ? (zoneOf(target)?.location ?? zoneOf(target)?.name ?? 'UTC') : undefined
}

function namedInteger({ type, value }: GoInt): string | undefined {
  switch (type) {
    case durationType:
      return formatDuration(value)
    case 'time.Month':
      return monthNames[Number(value) - 1] ?? `%!Month(${value})`
    case 'time.Weekday':
      return weekdayNames[Number(value)] ?? `%!Weekday(${value})`
    default:
      return undefined
  }
}

/** What the value's `GoString` method says, for `%#v`; only times have one. */
export function goStringOf(value: Value): string | undefined {
  const instant = instantOf(value)
  return instant === undefined ? undefined : goTime(instant)
}

function goTime(instant: Instant): string {
  const date = wallClock(instant)
  const month = monthNames[date.getUTCMonth()] ?? ''
  const place =
    instant.zone === utc
      ? 'time.UTC'
      : instant.zone === local
        ? 'time.Local'
        : `time.Location(${quote(instant.zone.name)})`
  const numbers = [
    date.getUTCDate(),
    date.getUTCHours(),
    date.getUTCMinutes(),
    date.getUTCSeconds(),
    instant.nanoseconds,
  ]
  return `time.Date(${date.getUTCFullYear()}, time.${month}, ${numbers.join(', ')}, ${place})`
}
