/**
 * Which pod is evicted next, if any. An eviction is worth something only if the pod that takes the place is injected, so each
 * one is also a question: while the answer is missing or bad, the pauses grow.
 */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { JudgedPod } from './judge.ts'
import type { Suspect } from './suspects.ts'

export interface PlannedEviction {
  readonly pod: JudgedPod
  /** Of the controller. */
  readonly owner: string
  /** 1, or one more than the last time if that was in vain. */
  readonly attempt: number
}

export interface Moment {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** In [0, 1). */
  readonly chance: number
}

/** After an eviction that nothing good has come of yet. */
const unanswered: Backoff = { minMs: 60_000, maxMs: 3_600_000 }
/** After one that the API server did not carry out, for instance because of a PodDisruptionBudget. */
const refused: Backoff = { minMs: 10_000, maxMs: 300_000 }

interface History {
  /** Of its last pod that was evicted; undefined before the first. */
  readonly evictedAt: number | undefined
  readonly attempt: number
  readonly refusals: number
  /** No pod of it is evicted before. */
  readonly until: number
}

const nothing: History = { evictedAt: undefined, attempt: 0, refusals: 0, until: 0 }

export class EvictionPlan {
  readonly #spacingMs: number
  /** By the controller's uid. */
  readonly #owners = new Map<string, History>()
  /** Of the whole cluster. */
  #last = nothing

  /** `perMinute` evictions at most. */
  constructor(perMinute: number) {
    this.#spacingMs = 60_000 / perMinute
  }

  /**
   * The oldest one that may go now. `suspects` are all of them; `isDue` says which have had their grace. Only pods of a controller:
   * others would be gone for good.
   */
  next(
    suspects: readonly Suspect[],
    isDue: (suspect: Suspect) => boolean,
    now: number,
  ): PlannedEviction | undefined {
    this.#prune(now)
    if (now < this.#last.until) return undefined
    const [first] = suspects
      .filter((suspect) => suspect.pod.judgement === 'missed' && isDue(suspect))
      .filter(({ pod }) => pod.controller !== undefined && now >= this.#of(pod).until)
      .sort((left, right) => left.pod.createdAt - right.pod.createdAt)
    const owner = first?.pod.controller?.uid
    if (first === undefined || owner === undefined) return undefined
    return { pod: first.pod, owner, attempt: this.#countAttempt(owner, suspects) }
  }

  /** It was asked for at that moment. Milliseconds for which its owner is left alone. */
  evicted({ owner, attempt }: PlannedEviction, { now, chance }: Moment): number {
    const pauseMs = backoffMs(unanswered, attempt, chance)
    this.#owners.set(owner, { evictedAt: now, attempt, refusals: 0, until: now + pauseMs })
    const unansweredBefore = this.#last.attempt
    const until = now + backoffMs(unanswered, unansweredBefore + 1, chance)
    this.#last = { evictedAt: now, attempt: unansweredBefore + 1, refusals: 0, until }
    return pauseMs
  }

  /** The same for one that was not carried out. */
  refused({ owner }: PlannedEviction, { now, chance }: Moment): number {
    const before = this.#owners.get(owner) ?? nothing
    const refusals = before.refusals + 1
    const pauseMs = backoffMs(refused, refusals, chance)
    this.#owners.set(owner, { ...before, refusals, until: now + pauseMs })
    this.#last = { ...this.#last, until: Math.max(this.#last.until, now + this.#spacingMs) }
    return pauseMs
  }

  /** An injected pod was heard of. One that is younger than the last eviction proves that the webhook does its part. */
  injected({ createdAt }: JudgedPod): void {
    const { evictedAt } = this.#last
    // Kubernetes cuts the time of creation to whole seconds.
    if (evictedAt === undefined || createdAt < Math.floor(evictedAt / 1000) * 1000) return
    this.#last = { ...this.#last, attempt: 0, until: evictedAt + this.#spacingMs }
  }

  /** In vain was the last one if a pod came after it that was not injected either. */
  #countAttempt(owner: string, suspects: readonly Suspect[]): number {
    const { evictedAt, attempt } = this.#owners.get(owner) ?? nothing
    if (evictedAt === undefined) return 1
    const inVain = suspects.some(
      ({ pod, heardAt }) => pod.controller?.uid === owner && heardAt >= evictedAt,
    )
    return inVain ? attempt + 1 : 1
  }

  #of({ controller }: JudgedPod): History {
    return this.#owners.get(controller?.uid ?? '') ?? nothing
  }

  #prune(now: number): void {
    for (const [owner, { until }] of this.#owners) {
      if (now > until + unanswered.maxMs) this.#owners.delete(owner)
    }
  }
}
