/** The agent's own time: milliseconds that start as the epoch's and go on with the machine's uptime, whatever is done to the wall clock. */
import { readFileSync } from 'node:fs'
import { type Clock, systemClock } from '../core/clock.ts'
import type { TimelineAnchor } from './plan/state.ts'

export interface Timeline {
  readonly clock: Clock
  /** What another process of this boot goes on with. */
  readonly anchor: TimelineAnchor
}

/** Goes on with `former` where that is of this boot. Time in which the machine was suspended counts. */
export function openTimeline(former: TimelineAnchor | undefined): Timeline {
  const boot = readProc('/proc/sys/kernel/random/boot_id') ?? ''
  const isSame = former !== undefined && boot !== '' && former.boot === boot
  const anchor = isSame ? former : { boot, startedAt: Math.round(Date.now() - uptimeMs()) }
  return { clock: { ...systemClock, now: () => anchor.startedAt + uptimeMs() }, anchor }
}

/** Source: proc(5), /proc/uptime: seconds since boot, time spent in suspend included. */
function uptimeMs(): number {
  const text = readProc('/proc/uptime')
  if (text !== undefined) return Number(text.split(' ')[0]) * 1000
  return Number(process.hrtime.bigint() / 1_000_000n)
}

function readProc(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch {
    return undefined
  }
}
