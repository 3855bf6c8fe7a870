/** Text as a time after a layout. Source: Go's time/format.go, Parse. */
import { FunctionError } from '../functions/function.ts'
import { quote } from '../quote.ts'
import { Mismatch, OutOfRange, type Reading, readElement, skip } from './element-readers.ts'
import { fromCivil, type Instant, local, utc, type Zone } from './instant.ts'
import { splitLayout } from './layout.ts'

/** Throws `FunctionError` with Go's words. The text's own offset is kept; without one the time is the local one. */
export function parseTime(layout: string, text: string): Instant {
  const reading: Reading = {
    year: 0,
    month: undefined,
    day: undefined,
    dayOfYear: undefined,
    hour: 0,
    minute: 0,
    second: 0,
    nanoseconds: 0,
    isAfternoon: false,
    isMorning: false,
    zone: undefined,
  }
  let rest = text
  const parts = splitLayout(layout)
  for (const [index, { kind, text: element }] of parts.entries()) {
    try {
      if (kind === 'text') rest = skip(rest, element)
      else {
        const next = parts[index + 1]?.text ?? ''
        rest = readElement(reading, { element, rest, next })
      }
    } catch (thrown) {
      if (thrown instanceof OutOfRange) failRange(text, thrown.what)
      if (!(thrown instanceof Mismatch)) throw thrown
      throw new FunctionError(
        'parsing time ',
        { value: quote(text) },
        ' as ',
        { value: quote(layout) },
        ': cannot parse ',
        { value: quote(rest) },
        ' as ',
        { value: quote(element) },
      )
    }
  }
  if (rest !== '') {
    throw new FunctionError('parsing time ', { value: quote(text) }, ': extra text: ', {
      value: quote(rest),
    })
  }
  return conclude(reading, text)
}

function failRange(text: string, what: string): never {
  throw new FunctionError('parsing time ', { value: quote(text) }, `: ${what} out of range`)
}

function conclude(reading: Reading, text: string): Instant {
  const { year, hour, minute, second, nanoseconds } = reading
  const zone = placeOf(reading.zone)
  const { month, day } = dateOf(reading, text)
  const lastDay = new Date(Date.UTC(2000 + (year % 400), month, 0)).getUTCDate()
  if (day < 1 || day > lastDay) failRange(text, 'day')
  const noon = reading.isAfternoon && hour < 12 ? hour + 12 : hour
  const actual = reading.isMorning && hour === 12 ? 0 : noon
  return fromCivil({ year, month, day, hour: actual, minute, second }, nanoseconds, zone)
}

function dateOf(
  { year, month, day, dayOfYear }: Reading,
  text: string,
): { readonly month: number; readonly day: number } {
  if (dayOfYear === undefined) return { month: month ?? 1, day: day ?? 1 }
  const isLeap = new Date(Date.UTC(2000 + (year % 400), 1, 29)).getUTCMonth() === 1
  if (dayOfYear < 1 || dayOfYear > (isLeap ? 366 : 365)) failRange(text, 'day-of-year')
  const date = new Date(Date.UTC(2000 + (year % 400), 0, dayOfYear))
  const found = { month: date.getUTCMonth() + 1, day: date.getUTCDate() }
  if (month !== undefined && month !== found.month) {
    throw new FunctionError(
      'parsing time ',
      { value: quote(text) },
      ': day-of-year does not match month',
    )
  }
  if (day !== undefined && day !== found.day) {
    throw new FunctionError(
      'parsing time ',
      { value: quote(text) },
      ': day-of-year does not match day',
    )
  }
  return found
}

/** An offset that is the local one is the local place, except where the text says Z or UTC. */
function placeOf(zone: Zone | undefined): Zone {
  if (zone === undefined) return local
  return zone !== utc && zone.name === '' && zone.offset === local.offset ? local : zone
}
