/** The clock of the waiter. */
import { readFileSync } from 'node:fs'

/** Milliseconds of CLOCK_BOOTTIME, cut off to tens. Source: proc(5), /proc/uptime. */
export function bootMs(): number {
  return Math.round(Number(readFileSync('/proc/uptime', 'utf8').split(' ')[0]) * 1000)
}
