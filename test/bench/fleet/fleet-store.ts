/** The store of a fleet: it counts what it is asked, and is away or busy when the plan says so. */
import { AppError } from '../../../core/errors.ts'
import type { FleetPlan } from './fleet-plan.ts'

export const askedKinds = ['health', 'login', 'renewal', 'mount', 'read'] as const
export type Asked = (typeof askedKinds)[number]

const unreachable = new AppError('store_unreachable', { cause: 'ECONNREFUSED' })
const unavailable = new AppError('store_busy', { status: 503 })

/** Requests in each second, by what was asked; those that nobody answers count too. */
export type Counts = Readonly<Record<Asked, Uint32Array>>

export function createCounts(lengthMs: number): Counts {
  const seconds = Math.ceil(lengthMs / 1000) + 1
  const create = () => new Uint32Array(seconds)
  return {
    health: create(),
    login: create(),
    renewal: create(),
    mount: create(),
    read: create(),
  }
}

export class FleetStore {
  readonly counts: Counts
  readonly #plan: FleetPlan
  readonly #busy: AppError
  /** What was granted in the second that is going on. */
  #granted = 0
  #second = -1

  constructor(plan: FleetPlan) {
    const { quota, lengthMs } = plan
    this.#plan = plan
    this.counts = createCounts(lengthMs)
    const wait = quota?.retryAfterMs === undefined ? {} : { retryAfterMs: quota.retryAfterMs }
    this.#busy = new AppError('store_busy', { status: 429, ...wait })
  }

  /** Undefined where it does what it is asked. */
  ask(atMs: number, what: Asked): AppError | undefined {
    const second = Math.floor(atMs / 1000)
    const counts = this.counts[what]
    counts[second] = (counts[second] ?? 0) + 1
    const outage = this.#plan.outages.find(({ fromMs, toMs }) => fromMs <= atMs && atMs < toMs)
    if (outage !== undefined) return outage.answer === 'refused' ? unreachable : unavailable
    return this.#isGranted(second) ? undefined : this.#busy
  }

  /** When the store was last away; before all time where it never was. */
  backAt(atMs: number): number {
    const ends = this.#plan.outages.map(({ toMs }) => toMs).filter((toMs) => toMs <= atMs)
    return Math.max(Number.NEGATIVE_INFINITY, ...ends)
  }

  #isGranted(second: number): boolean {
    const { quota } = this.#plan
    if (quota === undefined) return true
    if (second !== this.#second) this.#granted = 0
    this.#second = second
    return ++this.#granted <= quota.perSecond
  }
}
