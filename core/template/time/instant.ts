/** Go's time.Time as a value, with the fields that Go keeps in it. Source: Go's time/time.go. */
import { type GoPointer, type GoStruct, int, type StructType, type Value } from '../values.ts'

/** A place on the clock: an offset from UTC and what it is called. */
export interface Zone {
  /** `UTC`, `CET`; empty for an offset without a name. */
  readonly name: string
  /** What the place as such is called where that is not its name. */
  readonly location?: string
  /** Seconds east of UTC. */
  readonly offset: number
}

export interface Instant {
  /** Since the epoch. */
  readonly seconds: bigint
  /** 0 to 999,999,999. */
  readonly nanoseconds: number
  readonly zone: Zone
}

export const utc: Zone = { name: 'UTC', offset: 0 }

/** Where the process runs: in UTC, as containers do. */
export const local: Zone = { name: 'UTC', location: 'Local', offset: 0 }

export const timeType: StructType = {
  name: 'time.Time',
  fields: new Map([
    ['wall', 'uint64'],
    ['ext', 'int64'],
    ['loc', '*time.Location'],
  ]),
}

export const locationType: StructType = {
  name: 'time.Location',
  fields: new Map([
    ['name', 'string'],
    ['offset', 'int'],
  ]),
}

/** Seconds from the first of January of the year 1 to the epoch. */
const epoch = 62_135_596_800n

/** Where Go's zero time stands. */
export const zeroInstant: Instant = { seconds: -epoch, nanoseconds: 0, zone: utc }

export function timeValue({ seconds, nanoseconds, zone }: Instant): GoStruct {
  const fields = new Map<string, Value>([
    ['wall', { kind: 'uint', type: 'uint64', value: BigInt(nanoseconds) }],
    ['ext', { kind: 'int', type: 'int64', value: seconds + epoch }],
    ['loc', zone === utc ? noLocation : locationValue(zone)],
  ])
  return { kind: 'struct', structType: timeType, fields }
}

const noLocation: GoPointer = { kind: 'pointer', structType: locationType, target: undefined }

export function locationValue({ name, location = name, offset }: Zone): GoPointer {
  const fields = new Map<string, Value>([
    ['name', location],
    ['offset', int(offset)],
  ])
  return {
    kind: 'pointer',
    structType: locationType,
    target: { kind: 'struct', structType: locationType, fields },
  }
}

/** The instant that a value is; undefined for every other value. */
export function instantOf(value: Value): Instant | undefined {
  if (typeof value !== 'object' || value.kind !== 'struct' || value.structType !== timeType) {
    return undefined
  }
  const location = value.fields.get('loc')
  const isPointer = typeof location === 'object' && location.kind === 'pointer'
  return {
    seconds: integerField(value, 'ext') - epoch,
    nanoseconds: Number(integerField(value, 'wall')),
    zone: (isPointer ? zoneOf(location.target) : undefined) ?? utc,
  }
}

/** The zone that a time.Location is. */
export function zoneOf(value: Value): Zone | undefined {
  if (typeof value !== 'object' || value.kind !== 'struct' || value.structType !== locationType) {
    return undefined
  }
  const name = value.fields.get('name')
  if (name === local.location) return local
  return {
    name: typeof name === 'string' ? name : '',
    offset: Number(integerField(value, 'offset')),
  }
}

function integerField(value: GoStruct, name: string): bigint {
  const field = value.fields.get(name)
  return typeof field === 'object' && 'value' in field && typeof field.value === 'bigint'
    ? field.value
    : 0n
}

/** Milliseconds since the epoch. */
export function fromMilliseconds(time: number): Instant {
  const seconds = Math.floor(time / 1000)
  return { seconds: BigInt(seconds), nanoseconds: (time - seconds * 1000) * 1_000_000, zone: utc }
}

const second = 1_000_000_000n

/** `nanoseconds` later. */
export function addDuration(instant: Instant, nanoseconds: bigint): Instant {
  const total = instant.seconds * second + BigInt(instant.nanoseconds) + nanoseconds
  const rest = ((total % second) + second) % second
  return { ...instant, seconds: (total - rest) / second, nanoseconds: Number(rest) }
}

/** From `from` to `to` in nanoseconds, at most what 64 bits hold. */
export function durationBetween(from: Instant, to: Instant): bigint {
  const exact =
    (to.seconds - from.seconds) * second + BigInt(to.nanoseconds) - BigInt(from.nanoseconds)
  const limit = 2n ** 63n
  if (exact >= limit) return limit - 1n
  return exact < -limit ? -limit : exact
}

/** The wall clock of the instant's zone as a Date read in UTC. */
export function wallClock({ seconds, zone }: Instant): Date {
  return new Date(Number(seconds + BigInt(zone.offset)) * 1000)
}

export interface CivilTime {
  readonly year: number
  /** From 1. */
  readonly month: number
  readonly day: number
  readonly hour: number
  readonly minute: number
  readonly second: number
}

/** The instant at which `zone` shows that time; values beyond their range carry over. */
export function fromCivil(civil: CivilTime, nanoseconds: number, zone: Zone): Instant {
  const date = new Date(0)
  date.setUTCFullYear(civil.year, civil.month - 1, civil.day)
  date.setUTCHours(civil.hour, civil.minute, civil.second)
  return {
    seconds: BigInt(Math.floor(date.getTime() / 1000)) - BigInt(zone.offset),
    nanoseconds,
    zone,
  }
}

const dayMs = 86_400_000

/** From 1. */
export function dayOfYear(date: Date): number {
  const start = new Date(0)
  start.setUTCFullYear(date.getUTCFullYear(), 0, 1)
  return Math.floor((date.getTime() - start.getTime()) / dayMs) + 1
}
