/** Watches pods, tells of those that should have been injected and were not, and evicts them where it is asked to. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Evict } from '../kube/evictions.ts'
import type { MetadataApi, MetadataEvent, MetadataList } from '../kube/metadata.ts'
import { followMetadata } from '../kube/metadata-watch.ts'
import { EvictionPlan, type PlannedEviction } from './eviction-plan.ts'
import type { JudgedPod } from './judge.ts'
import { type Suspect, Suspects } from './suspects.ts'
import type { GuardTelemetry } from './telemetry.ts'

export interface GuardOptions {
  readonly api: MetadataApi<JudgedPod>
  /** Absent where pods are only told of. */
  readonly evict?: Evict | undefined
  readonly evictionsPerMinute: number
  /** How old a pod must be to be told of. */
  readonly graceMs: number
  readonly clock: Clock
  readonly logger: Logger
  readonly telemetry: GuardTelemetry
}

/** Between two looks at the suspects, of which there are none as a rule. */
const lookMs = 1_000

export class Guard {
  readonly #options: GuardOptions
  readonly #suspects = new Suspects()
  readonly #plan: EvictionPlan
  /** By uid: those that were told of. */
  #told = new Set<string>()
  #synced = false

  constructor(options: GuardOptions) {
    this.#options = options
    this.#plan = new EvictionPlan(options.evictionsPerMinute)
  }

  /** Whether all pods were listed. */
  get synced(): boolean {
    return this.#synced
  }

  /** Ends when `signal` aborts. */
  async run(signal: AbortSignal): Promise<void> {
    const following = followMetadata(
      {
        ...this.#options,
        complaint: 'pods not watched',
        onList: (list) => this.#replace(list),
        onEvent: (event) => this.#hear(event),
      },
      signal,
    )
    await Promise.all([following, this.#lookAgainAndAgain(signal)])
  }

  #replace({ items }: MetadataList<JudgedPod>): void {
    const { clock, telemetry } = this.#options
    this.#suspects.replace(items, clock.now())
    for (const pod of items) if (pod.judgement === 'injected') this.#plan.injected(pod)
    this.#synced = true
    telemetry.podsListed(items.length)
    telemetry.heard(clock.now())
  }

  #hear(event: MetadataEvent<JudgedPod>): void {
    const now = this.#options.clock.now()
    this.#options.telemetry.heard(now)
    if (event.kind === 'bookmark') return
    const { item: pod } = event
    if (event.kind === 'gone') this.#suspects.forget(pod.uid)
    else this.#suspects.hear(pod, now)
    if (event.kind === 'present' && pod.judgement === 'injected') this.#plan.injected(pod)
  }

  async #lookAgainAndAgain(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      this.#tell()
      await this.#evictNext(signal)
      await this.#options.clock.sleep(lookMs, signal)
    }
  }

  #tell(): void {
    const { clock, telemetry } = this.#options
    const due = this.#suspects.list().filter((suspect) => this.#isDue(suspect))
    for (const { pod } of due) {
      if (!this.#told.has(pod.uid)) telemetry.found(pod, clock.now())
    }
    telemetry.counted(due.map(({ pod }) => pod))
    this.#told = new Set(due.map(({ pod }) => pod.uid))
  }

  #isDue({ pod }: Suspect): boolean {
    return this.#options.clock.now() - pod.createdAt >= this.#options.graceMs
  }

  async #evictNext(signal: AbortSignal): Promise<void> {
    const { evict, clock } = this.#options
    if (evict === undefined) return
    const suspects = this.#suspects.list()
    const planned = this.#plan.next(suspects, (suspect) => this.#isDue(suspect), clock.now())
    if (planned !== undefined) await this.#carryOut(evict, planned, signal)
  }

  async #carryOut(evict: Evict, planned: PlannedEviction, signal: AbortSignal): Promise<void> {
    const { clock, telemetry } = this.#options
    // Before the request: what takes the pod's place may be heard of before the answer.
    const moment = { now: clock.now(), chance: clock.chance() }
    try {
      const result = await evict(planned.pod, signal)
      if (result === 'gone') this.#suspects.forget(planned.pod.uid)
      else if (result === 'blocked') telemetry.blocked(planned, this.#plan.refused(planned, moment))
      else telemetry.evicted(planned, this.#plan.evicted(planned, moment))
    } catch (thrown) {
      if (signal.aborted) return
      telemetry.failed(planned, this.#plan.refused(planned, moment), thrown)
    }
  }
}
