/** Waiting for a condition instead of for a time. */
import { setTimeout as sleep } from 'node:timers/promises'

const intervalMs = 200

/** Far above what any step needs: a deadline tells a broken run from a slow machine, it measures nothing. */
export const deadlineMs = 5 * 60_000

export interface Awaited<T> {
  readonly what: string
  /** Undefined means "not yet"; what it throws counts as "not yet" too and is quoted when the deadline passes. */
  readonly probe: () => Promise<T | undefined>
  readonly signal?: AbortSignal
  readonly deadlineMs?: number
}

export async function until<T>(awaited: Awaited<T>): Promise<T> {
  const end = Date.now() + (awaited.deadlineMs ?? deadlineMs)
  let last = ''
  while (Date.now() < end) {
    awaited.signal?.throwIfAborted()
    try {
      const value = await awaited.probe()
      if (value !== undefined) return value
      last = ''
    } catch (error) {
      last = `: ${String(error)}`
    }
    await sleep(intervalMs, undefined, awaited.signal && { signal: awaited.signal })
  }
  throw new Error(`waited in vain for ${awaited.what}${last}`)
}
