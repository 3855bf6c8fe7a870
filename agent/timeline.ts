/** The agent's own time: milliseconds that start as the epoch's and go on with the machine's uptime, whatever is done to the wall clock. */
import { readFileSync } from 'node:fs'
import { type Clock, systemClock } from '../core/clock.ts'
import type { TimelineAnchor } from './plan/state.ts'

export interface Timeline {
  readonly clock: Clock
  /** What another process of this boot goes on with. */
  readonly anchor: TimelineAnchor
  /** Whether its time since boot is CLOCK_BOOTTIME, as far as can be told: in some containers /proc/uptime is another's. */
  readonly isBootTime: boolean
}

/** Goes on with `former` where that is of this boot. Time in which the machine was suspended counts. */
export function openTimeline(former: TimelineAnchor | undefined): Timeline {
  const boot = readProc('/proc/sys/kernel/random/boot_id') ?? ''
  const isSame = former !== undefined && boot !== '' && former.boot === boot
  const anchor = isSame ? former : { boot, startedAt: Math.round(Date.now() - uptimeMs()) }
  const clock = { ...systemClock, now: () => anchor.startedAt + uptimeMs() }
  return { clock, anchor, isBootTime: isBootTime() }
}

/** Source: proc(5), /proc/uptime: seconds since boot, time spent in suspend included. */
function uptimeMs(): number {
  const text = readProc('/proc/uptime')
  if (text !== undefined) return Number(text.split(' ')[0]) * 1000
  return Number(process.hrtime.bigint() / 1_000_000n)
}

/** The moment on a timeline that read `origin` at the boot of this machine. */
export function timelineNow(origin: number): number {
  return origin + uptimeMs()
}

/** That clock goes on while the machine sleeps, the monotonic one does not: it is never behind. */
function isBootTime(): boolean {
  const steadyMs = Number(process.hrtime.bigint() / 1_000_000n)
  return readProc('/proc/uptime') !== undefined && uptimeMs() > steadyMs - 1000
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
