/** How long a listener must have been left alone before the agent hibernates. */
import type { ListenersUse } from '../listener/listeners.ts'
import type { ListenerUse } from './resident-reasons.ts'
import type { WaiterCall } from './waiter-call.ts'

const usualMs = 20_000
/** A proxy that is used again and again within that time stays: each start costs more than the time saves. */
const busyMs = 300_000

/** For the process that was started so. */
export function quietMsOf(call: Pick<WaiterCall, 'cause' | 'sleptMs'> | undefined): number {
  return call?.cause === 'connection' && call.sleptMs < busyMs ? busyMs : usualMs
}

export function judgeUse(use: ListenersUse, quietMs: number, now: number): ListenerUse {
  const { requests, lastAt, keepsLeases } = use
  return { isBusy: requests > 0 || now < lastAt + quietMs, keepsLeases }
}

/** When a listener that is busy, or keeps leases, may have become quiet. */
export function quietAt({ requests, lastAt }: ListenersUse, quietMs: number, now: number): number {
  const at = lastAt + quietMs
  return requests > 0 || at <= now ? now + quietMs : at
}
