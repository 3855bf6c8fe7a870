/** Requests for secrets: one that a store is slow to answer goes on while the step ends, so that no other secret or file waits for it. */
import type { AppError } from '../../core/errors.ts'
import type { SecretRequest } from '../../core/template/secret-request.ts'
import type { HeldSecret, Session } from '../plan/state.ts'

export type SecretResult =
  | {
      readonly kind: 'held'
      readonly held: HeldSecret
      readonly event: 'secret_read' | 'lease_renewed' | 'lease_unrenewable'
    }
  | {
      readonly kind: 'failed'
      readonly request: SecretRequest
      readonly what: 'read' | 'lease renewal'
      readonly error: AppError
      readonly isOptional?: boolean
    }

export interface SecretWork {
  readonly key: string
  readonly run: () => Promise<SecretResult>
}

/** How long a step waits for what it asks. */
export const patienceMs = 2000

type Sleep = (ms: number, signal: AbortSignal) => Promise<void>

export class SecretRequests {
  readonly #sleep: Sleep
  readonly #pending = new Map<string, Promise<SecretResult>>()
  /** What this step waited for in vain. */
  #slow = new Set<string>()
  #session: Session | undefined

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

  get areSlow(): boolean {
    return this.#slow.size > 0
  }

  /** The results that came in time; what is under way already is waited for and not asked again, but under another token. */
  async settle(session: Session, work: readonly SecretWork[]): Promise<readonly SecretResult[]> {
    if (this.#session?.openedAt !== session.openedAt) this.#pending.clear()
    this.#session = session
    const enough = new AbortController()
    const patience = this.#sleep(patienceMs, enough.signal)
    try {
      const results = await Promise.all(work.map((one) => this.#settleOne(one, patience)))
      return results.flatMap((result) => result ?? [])
    } finally {
      enough.abort()
    }
  }

  async #settleOne({ key, run }: SecretWork, patience: Promise<void>) {
    const pending = this.#pending.get(key) ?? run()
    this.#pending.set(key, pending)
    // What fails while nobody waits for it is heard of by whoever waits next.
    pending.catch(() => undefined)
    const result = await Promise.race([pending, patience])
    if (result === undefined) this.#slow.add(key)
    else this.#pending.delete(key)
    return result
  }
}
