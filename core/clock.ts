/** Time and chance as ports, so that everything above them can be tested without waiting. */

/** `setTimeout` fires after 1 ms, with a mere warning, for delays above this; a lease of 32 days is above it. */
const longestTimerMs = 2 ** 31 - 1

export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number
  /** Uniform in [0, 1). */
  readonly chance: () => number
  /** Resolves after `ms` or as soon as `signal` aborts, whichever comes first. */
  readonly sleep: (ms: number, signal?: AbortSignal) => Promise<void>
}

export const systemClock: Clock = {
  now: () => Date.now(),
  chance: () => Math.random(),
  sleep: async (ms, signal) => {
    for (let left = ms; left > 0 && signal?.aborted !== true; left -= longestTimerMs) {
      await waitOnce(Math.min(left, longestTimerMs), signal)
    }
  },
}

function waitOnce(ms: number, signal: AbortSignal | undefined): Promise<void> {
  return new Promise((resolve) => {
    const finish = () => {
      clearTimeout(timer)
      signal?.removeEventListener('abort', finish)
      resolve()
    }
    const timer = setTimeout(finish, ms)
    signal?.addEventListener('abort', finish)
  })
}
