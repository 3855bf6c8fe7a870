/** A clock whose waits end when the test says so. */
import type { Clock } from '../../../../core/clock.ts'

export interface ManualClock extends Clock {
  /** Moves the time and ends every wait that is over by then. */
  readonly advance: (ms: number) => void
  /** Resolves when somebody waits. */
  readonly waiting: () => Promise<void>
}

/** Starts at the machine's time. */
export function createManualClock(): ManualClock {
  let now = Date.now()
  const sleepers = new Set<{ readonly until: number; readonly wake: () => void }>()
  const watchers = new Set<() => void>()
  return {
    now: () => now,
    chance: () => 0,
    sleep: (ms, signal) =>
      new Promise((resolve) => {
        if (ms <= 0 || signal?.aborted === true) return resolve()
        const sleeper = { until: now + ms, wake: () => finish() }
        const finish = () => {
          sleepers.delete(sleeper)
          resolve()
        }
        sleepers.add(sleeper)
        signal?.addEventListener('abort', finish, { once: true })
        for (const watcher of watchers) watcher()
        watchers.clear()
      }),
    advance: (ms) => {
      now += ms
      for (const sleeper of [...sleepers]) if (sleeper.until <= now) sleeper.wake()
    },
    waiting: () =>
      sleepers.size > 0
        ? Promise.resolve()
        : new Promise((resolve) => void watchers.add(() => resolve())),
  }
}
