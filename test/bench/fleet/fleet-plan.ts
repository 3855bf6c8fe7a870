/** What a fleet of pods is made of and what befalls it. All times are milliseconds since the beginning. */

export const second = 1000
export const minute = 60 * second
export const hour = 60 * minute

/** Whose algorithm the pods follow: our own step function, or a model of the stock Vault Agent. */
export type Kind = 'claviger' | 'vault-agent'

export interface FleetPlan {
  readonly agents: number
  readonly seed: number
  /** KV version 2 secrets of each pod, a file of each. */
  readonly secrets: number
  /** Whether an init container comes before the sidecar. */
  readonly hasInit: boolean
  readonly tokenTtlMs: number
  readonly staticIntervalMs: number
  /** All pods are replaced by new ones, spread evenly over `spreadMs`; the first are the first. */
  readonly starts: readonly Start[]
  readonly outages: readonly Outage[]
  /** Undefined: a store that is fast enough for everybody. */
  readonly quota: Quota | undefined
  /** What the figures are given for, in order and apart. */
  readonly phases: readonly Phase[]
  readonly lengthMs: number
}

export interface Start {
  readonly atMs: number
  readonly spreadMs: number
}

/** `refused`: no connection; `unavailable`: 503. */
export interface Outage {
  readonly fromMs: number
  readonly toMs: number
  readonly answer: 'refused' | 'unavailable'
}

/** Requests in any one second, 429 to the others. */
export interface Quota {
  readonly perSecond: number
  /** What the 429 says; undefined: nothing. */
  readonly retryAfterMs: number | undefined
}

export interface Phase {
  readonly name: string
  readonly fromMs: number
  readonly toMs: number
}

/** Ten minutes of rolling out, then an hour: at rest, five minutes without a store, and all pods replaced twice. */
export function planHour(agents: number, seed = 1): FleetPlan {
  return {
    agents,
    seed,
    secrets: 1,
    hasInit: true,
    tokenTtlMs: hour,
    staticIntervalMs: 5 * minute,
    starts: [
      { atMs: 0, spreadMs: 10 * minute },
      { atMs: 45 * minute, spreadMs: minute },
      { atMs: 58 * minute, spreadMs: 0 },
    ],
    outages: [{ fromMs: 30 * minute, toMs: 35 * minute, answer: 'refused' }],
    quota: undefined,
    phases: [
      { name: 'at rest', fromMs: 12 * minute, toMs: 30 * minute },
      { name: 'outage of 5 min', fromMs: 30 * minute, toMs: 35 * minute },
      { name: 'recovery', fromMs: 35 * minute, toMs: 45 * minute },
      { name: 'all restart in 60 s', fromMs: 45 * minute, toMs: 47 * minute },
      { name: 'the 11 min after', fromMs: 47 * minute, toMs: 58 * minute },
      { name: 'all restart at once', fromMs: 58 * minute, toMs: hour },
      { name: 'the 10 min after', fromMs: hour, toMs: 70 * minute },
    ],
    lengthMs: 70 * minute,
  }
}
