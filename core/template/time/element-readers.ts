/** Reads the elements of a layout from a text. Source: Go's time/format.go, parse. */
import { utc, type Zone } from './instant.ts'
import { monthNames, weekdayNames } from './layout.ts'

/** What was read so far. */
export interface Reading {
  year: number
  month: number | undefined
  day: number | undefined
  dayOfYear: number | undefined
  hour: number
  minute: number
  second: number
  nanoseconds: number
  isAfternoon: boolean
  isMorning: boolean
  zone: Zone | undefined
}

/** What an element did not accept: the whole text is out of place, or a number is out of its range. */
export class Mismatch extends Error {}

export class OutOfRange extends Error {
  readonly what: string

  constructor(what: string) {
    super(what)
    this.what = what
  }
}

/** Text between elements must be there; spaces match any number of them. */
export function skip(value: string, expected: string): string {
  let rest = value
  let left = expected
  while (left !== '') {
    if (left.startsWith(' ')) {
      if (rest !== '' && !rest.startsWith(' ')) throw new Mismatch()
      left = left.replace(/^ +/, '')
      rest = rest.replace(/^ +/, '')
      continue
    }
    if (rest === '' || rest[0] !== left[0]) throw new Mismatch()
    left = left.slice(1)
    rest = rest.slice(1)
  }
  return rest
}

interface Place {
  readonly element: string
  readonly rest: string
  /** The part of the layout behind. */
  readonly next: string
}

/** What is left behind the element; throws `Mismatch` and `OutOfRange`. */
export function readElement(reading: Reading, place: Place): string {
  const { element } = place
  if (/^[.,]/.test(element)) return readFraction(reading, place)
  if (/^[-Z]/.test(element)) return readOffset(reading, place)
  const read = readers.get(element)
  return read === undefined ? skip(place.rest, element) : read(reading, place)
}

type ElementReader = (reading: Reading, place: Place) => string

/** One or two digits; `fixed` demands two. */
function digits(rest: string, fixed: boolean): readonly [number, string] {
  const [found] = (fixed ? /^[0-9]{2}/ : /^[0-9]{1,2}/).exec(rest) ?? []
  if (found === undefined) throw new Mismatch()
  return [Number(found), rest.slice(found.length)]
}

function name(rest: string, names: readonly string[], length?: number): readonly [number, string] {
  const at = names.findIndex((given) => {
    const wanted = given.slice(0, length)
    return rest.slice(0, wanted.length).toLowerCase() === wanted.toLowerCase()
  })
  if (at < 0) throw new Mismatch()
  return [at, rest.slice((names[at] ?? '').slice(0, length).length)]
}

const inRange = (value: number, to: number, what: string) => {
  if (value < 0 || value >= to) throw new OutOfRange(what)
  return value
}

function numberReader(
  fixed: boolean,
  set: (reading: Reading, value: number) => void,
): ElementReader {
  return (reading, { rest }) => {
    const [value, left] = digits(rest, fixed)
    set(reading, value)
    return left
  }
}

function nameReader(
  names: readonly string[],
  length: number | undefined,
  set: (reading: Reading, index: number) => void,
): ElementReader {
  return (reading, { rest }) => {
    const [at, left] = name(rest, names, length)
    set(reading, at)
    return left
  }
}

const setMonth = (reading: Reading, month: number) => {
  if (month < 1 || month > 12) throw new OutOfRange('month')
  reading.month = month
}
const setDay = (reading: Reading, day: number) => {
  reading.day = day
}
const setHour24 = (reading: Reading, hour: number) => {
  reading.hour = inRange(hour, 24, 'hour')
}
const setHour12 = (reading: Reading, hour: number) => {
  reading.hour = inRange(hour, 13, 'hour')
}
const setMinute = (reading: Reading, minute: number) => {
  reading.minute = inRange(minute, 60, 'minute')
}

function readSecond(fixed: boolean): ElementReader {
  return (reading, { rest, next }) => {
    const [second, left] = digits(rest, fixed)
    reading.second = inRange(second, 60, 'second')
    // A fraction that the layout does not name is read all the same.
    const [fraction] = /^[.,][0-9]+/.exec(left) ?? []
    if (fraction === undefined || /^[.,](?:0+|9+)$/.test(next)) return left
    reading.nanoseconds = nanosecondsOf(fraction)
    return left.slice(fraction.length)
  }
}

function nanosecondsOf(fraction: string): number {
  return Number(fraction.slice(1, 10).padEnd(9, '0'))
}

function readFraction(reading: Reading, { element, rest }: Place): string {
  if (element[1] === '9') {
    const [found] = /^[.,][0-9]+/.exec(rest) ?? []
    if (found === undefined) return rest
    reading.nanoseconds = nanosecondsOf(found)
    return rest.slice(found.length)
  }
  const found = rest.slice(0, element.length)
  if (found.length < element.length || !/^[.,][0-9]+$/.test(found)) throw new Mismatch()
  reading.nanoseconds = nanosecondsOf(found)
  return rest.slice(found.length)
}

function readOffset(reading: Reading, { element, rest }: Place): string {
  if (element.startsWith('Z') && rest.startsWith('Z')) {
    reading.zone = utc
    return rest.slice(1)
  }
  const pattern = element.slice(1).replace('07', '([0-9]{2})').replace(/00/g, '([0-9]{2})')
  const found = new RegExp(`^([-+])${pattern}`).exec(rest)
  if (found === null) throw new Mismatch()
  const [all, sign, hours = '0', minutes = '0', seconds = '0'] = found
  if (Number(hours) > 24) throw new OutOfRange('time zone offset hour')
  if (Number(minutes) > 60) throw new OutOfRange('time zone offset minute')
  if (Number(seconds) > 60) throw new OutOfRange('time zone offset second')
  const offset = Number(hours) * 3600 + Number(minutes) * 60 + Number(seconds)
  reading.zone = { name: '', offset: sign === '-' ? -offset : offset }
  return rest.slice(all.length)
}

/** `UTC`, `CET`, `+03`: a name that is not known has no offset. */
function readZoneName(reading: Reading, { rest }: Place): string {
  const [found] =
    /^(?:UTC|ChST|MeST|GMT(?:[+-][0-9]{1,2})?|WITA|[A-Z]{3,4}[TZ]?(?![A-Z])|[+-][0-9]{2}(?:[0-9]{2})?)/.exec(
      rest,
    ) ?? []
  if (found === undefined) throw new Mismatch()
  const hours = /^(?:GMT)?([+-][0-9]{1,2})$/.exec(found)?.[1]
  const offset = hours === undefined || !found.startsWith('GMT') ? 0 : Number(hours) * 3600
  reading.zone ??= found === 'UTC' ? utc : { name: found, offset }
  return rest.slice(found.length)
}

function readYear(count: 2 | 4): ElementReader {
  return (reading, { rest }) => {
    const [found] = (count === 4 ? /^[0-9]{4}/ : /^[0-9]{2}/).exec(rest) ?? []
    if (found === undefined) throw new Mismatch()
    const year = Number(found)
    reading.year = count === 4 ? year : year + (year >= 69 ? 1900 : 2000)
    return rest.slice(count)
  }
}

function readHalf(words: readonly [string, string]): ElementReader {
  return (reading, { rest }) => {
    const word = rest.slice(0, 2)
    if (word !== words[0] && word !== words[1]) throw new Mismatch()
    if (word === words[1]) reading.isAfternoon = true
    else reading.isMorning = true
    return rest.slice(2)
  }
}

function readDayOfYear(pattern: RegExp): ElementReader {
  return (reading, { rest }) => {
    const [found] = pattern.exec(rest) ?? []
    if (found === undefined) throw new Mismatch()
    reading.dayOfYear = Number(found)
    return rest.slice(found.length)
  }
}

const skipSpaceBefore =
  (read: ElementReader): ElementReader =>
  (reading, place) =>
    read(reading, { ...place, rest: place.rest.replace(/^ /, '') })

const readers = new Map<string, ElementReader>([
  ['2006', readYear(4)],
  ['06', readYear(2)],
  ['January', nameReader(monthNames, undefined, (reading, at) => setMonth(reading, at + 1))],
  ['Jan', nameReader(monthNames, 3, (reading, at) => setMonth(reading, at + 1))],
  ['01', numberReader(true, setMonth)],
  ['1', numberReader(false, setMonth)],
  ['Monday', nameReader(weekdayNames, undefined, () => undefined)],
  ['Mon', nameReader(weekdayNames, 3, () => undefined)],
  ['02', numberReader(true, setDay)],
  ['2', numberReader(false, setDay)],
  ['_2', skipSpaceBefore(numberReader(false, setDay))],
  ['002', readDayOfYear(/^[0-9]{3}/)],
  ['__2', readDayOfYear(/^ {0,2}[0-9]{1,3}/)],
  ['15', numberReader(false, setHour24)],
  ['03', numberReader(true, setHour12)],
  ['3', numberReader(false, setHour12)],
  ['04', numberReader(true, setMinute)],
  ['4', numberReader(false, setMinute)],
  ['05', readSecond(true)],
  ['5', readSecond(false)],
  ['PM', readHalf(['AM', 'PM'])],
  ['pm', readHalf(['am', 'pm'])],
  ['MST', readZoneName],
])
