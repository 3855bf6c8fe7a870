/** What a step asks of stores: what one is slow to answer goes on while the step ends, so that nothing else waits for it. */

export interface Work<Result> {
  readonly key: string
  /** Whom it is asked of, and as whom: what is under way for somebody else is not waited for. */
  readonly source: string
  readonly run: () => Promise<Result>
}

/** How long a step waits for what it asks. */
export const patienceMs = 2000

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

interface Pending<Result> {
  readonly source: string
  readonly result: Promise<Result>
}

export class SlowWork<Result extends NonNullable<unknown>> {
  readonly #sleep: Sleep
  readonly #pending = new Map<string, Pending<Result>>()
  /** What this step waited for in vain. */
  #slow = new Set<string>()

  constructor(sleep: Sleep) {
    this.#sleep = sleep
  }

  /** What the step before waited for in vain may be asked for again; what it did not ask for is nobody's. */
  startStep(): void {
    for (const key of this.#pending.keys()) if (!this.#slow.has(key)) this.#pending.delete(key)
    this.#slow = new Set()
  }

  /** Whether this step has asked for it in vain: the next goes on waiting. */
  isSlow(key: string): boolean {
    return this.#slow.has(key)
  }

  get isSlowAnywhere(): boolean {
    return this.#slow.size > 0
  }

  /** The results that came in time; what is under way already is waited for and not asked again. */
  async settle(work: readonly Work<Result>[]): Promise<readonly Result[]> {
    const enough = new AbortController()
    const patience = this.#sleep(patienceMs, enough.signal)
    try {
      const results = await Promise.all(work.map((one) => this.#settleOne(one, patience)))
      return results.flatMap((result) => result ?? [])
    } finally {
      enough.abort()
    }
  }

  async #settleOne({ key, source, run }: Work<Result>, patience: Promise<void>) {
    const former = this.#pending.get(key)
    const pending = former?.source === source ? former : { source, result: run() }
    this.#pending.set(key, pending)
    // What fails while nobody waits for it is heard of by whoever waits next.
    pending.result.catch(() => undefined)
    const result = await Promise.race([pending.result, patience])
    if (result === undefined) this.#slow.add(key)
    else this.#pending.delete(key)
    return result
  }
}
