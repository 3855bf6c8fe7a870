/** I8: how often, and how early, the store is asked. */
import type { Asked } from '../history.ts'
import { type Invariant, nothing } from '../rule.ts'
import { minute, second } from '../timetable.ts'

/** In one minute: a start with everything missing, and the retries of what fails. */
const mostRequests = 100

/** Of the same kind about the same thing, failed, in one minute: 250 ms doubling, each attempt up to three requests of 3 s. */
const mostFailures = 27

export const lowRate: Invariant = {
  name: 'I8 low rate',
  kinds: ['process started', 'program', 'request', 'answer'],
  create: () => {
    const requests = new Window()
    const failures = new Map<string, Window>()
    return (replay, entry) => {
      // A new process without state knows of no failure.
      if (entry.kind === 'process started' && entry.state === undefined) failures.clear()
      if (entry.kind === 'program') failures.clear()
      if (entry.kind === 'request') {
        const count = requests.add(entry.at)
        return count > mostRequests ? [`${count} requests in a minute`] : nothing
      }
      if (entry.kind !== 'answer' || entry.code === 'ok') return nothing
      const key = `${entry.what} ${entry.subject}`
      const window = failures.get(key) ?? new Window()
      failures.set(key, window)
      const count = window.add(entry.at)
      const most = isSession(entry.what)
        ? sessionFailures(replay.plan.loginBackoff.minMs)
        : mostFailures
      return count > most ? [`${count} failures of ${key} in a minute`] : nothing
    }
  },
}

/** Steps in one minute: a process that waits does not turn in circles. */
const mostSteps = 80

export const restfulness: Invariant = {
  name: 'I8 rest',
  kinds: ['applied'],
  create: () => {
    const steps = new Window()
    return (_, entry) => {
      const count = steps.add(entry.at)
      return count > mostSteps ? [`${count} steps in a minute`] : nothing
    }
  },
}

/** As many as a doubling pause has room for in a minute, and two for what goes well in between. */
function sessionFailures(minMs: number): number {
  return Math.ceil(Math.log2(minute / minMs)) + 3
}

function isSession(what: Asked): boolean {
  return what === 'login' || what === 'renew token'
}

/** The moments of the last minute. */
class Window {
  readonly #moments: number[] = []

  add(at: number): number {
    this.#moments.push(at)
    while ((this.#moments[0] ?? at) < at - minute) this.#moments.shift()
    return this.#moments.length
  }
}

/** I8: what a store asked to come back for later is not asked again earlier. */
export const honouredRetryAfter: Invariant = {
  name: 'I8 Retry-After',
  kinds: ['process started', 'program', 'saved', 'answer', 'request'],
  create: () => {
    /** By subject: what the process knows, and what it would know after a restart. */
    let heard = new Map<string, number>()
    let saved = new Map<string, number>()
    return (_, entry) => {
      switch (entry.kind) {
        case 'process started':
          heard = entry.state === undefined ? new Map() : new Map(saved)
          return nothing
        case 'program':
          heard.clear()
          return nothing
        case 'saved':
          saved = new Map(heard)
          return nothing
        case 'answer':
          if (entry.retryAfterMs !== undefined) {
            heard.set(entry.subject, entry.at + entry.retryAfterMs)
          }
          return nothing
        case 'request': {
          // Kept in whole milliseconds.
          const early = (heard.get(entry.subject) ?? 0) - entry.at
          return early > 1 ? [`${entry.what} ${entry.subject} comes ${early} ms early`] : nothing
        }
        default:
          return nothing
      }
    }
  },
}

/** When a renewal may come at the earliest: at 60 % of a life of `ttlMs`, or along with something else 5 % of that earlier, 30 s at most. */
function earliest(ttlMs: number): number {
  return 0.6 * ttlMs - Math.min(30 * second, 0.05 * 0.6 * ttlMs)
}

/** Tokens and leases are renewed when a good part of their life is over, not at once. */
export const unhurriedRenewals: Invariant = {
  name: 'I8 unhurried renewals',
  kinds: ['request'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'request') return nothing
    const granted =
      entry.what === 'renew token'
        ? replay.tokens.get(replay.state.session?.token.reveal() ?? '')
        : entry.what === 'renew lease'
          ? knownLease(replay.state.secrets.values(), entry.subject, replay.leases)
          : undefined
    const heard = granted?.heard
    if (heard === undefined) return nothing
    const usedMs = entry.at - heard.at
    const slackMs = heard.lagMs + 11 * second
    if (usedMs + slackMs >= earliest(heard.ttlMs)) return nothing
    return [`${entry.what} ${entry.subject} after ${usedMs / 1000} s of ${heard.ttlMs / 1000} s`]
  },
}

function knownLease<T>(
  secrets: Iterable<{
    readonly request: { readonly path: string }
    readonly answer: { readonly leaseId: string }
  }>,
  path: string,
  leases: ReadonlyMap<string, T>,
): T | undefined {
  for (const { request, answer } of secrets) {
    if (request.path === path) return leases.get(answer.leaseId)
  }
  return undefined
}
