/** Methods of time.Duration, time.Month and time.Weekday. Source: Go's time. */
import { stringOf } from '../stringer.ts'
import {
  durationIn,
  durationType,
  durationValue,
  roundDuration,
  truncateDuration,
} from '../time/duration.ts'
import { float, type Value } from '../values.ts'
import { getter, type Method } from './method.ts'

function amount(value: Value): bigint {
  return typeof value === 'object' && value.kind === 'int' ? value.value : 0n
}

const int64 = (value: bigint): Value => ({ kind: 'int', type: 'int64', value })

export const namedIntegerMethods: readonly Method[] = [getter('String', stringOf)]

function toMultiple(name: string, align: (nanoseconds: bigint, unit: bigint) => bigint): Method {
  return {
    name,
    parameters: [durationType],
    run: (receiver, [unit]) => durationValue(align(amount(receiver), amount(unit))),
  }
}

export const durationMethods: readonly Method[] = [
  ...namedIntegerMethods,
  getter('Hours', (duration) => float(durationIn(amount(duration), 'h'))),
  getter('Minutes', (duration) => float(durationIn(amount(duration), 'm'))),
  getter('Seconds', (duration) => float(durationIn(amount(duration), 's'))),
  getter('Milliseconds', (duration) => int64(amount(duration) / 1_000_000n)),
  getter('Microseconds', (duration) => int64(amount(duration) / 1000n)),
  getter('Nanoseconds', (duration) => int64(amount(duration))),
  getter('Abs', (duration) => {
    const value = amount(duration)
    return durationValue(value < 0n ? -value : value)
  }),
  toMultiple('Round', roundDuration),
  toMultiple('Truncate', truncateDuration),
]
