import type { Clock } from '../../core/clock.ts'
import type { WebhookEntry } from '../kube/cluster.ts'

/** What one replica has seen of the bundle that the webhooks have: whoever starts anew waits once more. */
export class Publication {
  readonly #clock: Clock
  #bundle: string | undefined
  #since = 0

  constructor(clock: Clock) {
    this.#clock = clock
  }

  look(webhooks: readonly WebhookEntry[]): void {
    const [first] = webhooks
    const common = webhooks.every((each) => each.caBundle === first?.caBundle)
    this.see(common ? first?.caBundle : undefined)
  }

  see(bundle: string | undefined): void {
    if (bundle === this.#bundle) return
    this.#bundle = bundle
    this.#since = this.#clock.now()
  }

  /** Milliseconds; 0 when it is not all there. */
  measure(bundle: string | undefined): number {
    return bundle !== undefined && bundle === this.#bundle ? this.#clock.now() - this.#since : 0
  }
}
