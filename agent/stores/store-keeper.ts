/** What becomes of the stores of a process between its steps: changes are watched for while it stays, and nothing outlives its program. */

import type { AgentConfig } from '../config/agent-config.ts'
import type { Rest } from '../plan/rest.ts'
import type { AgentState } from '../plan/state.ts'
import { type SeenChange, watchedSecrets } from '../plan/stores.ts'
import type { NamedStores } from './create-stores.ts'

export interface KeptProgram {
  readonly config: AgentConfig
  readonly stores: NamedStores
}

export class StoreKeeper {
  readonly #changed: (change: SeenChange) => void
  /** Programs that are no longer carried out: a step of theirs may have been under way. */
  readonly #retired: NamedStores[] = []

  constructor(changed: (change: SeenChange) => void) {
    this.#changed = changed
  }

  /** After a step of `program`. An agent that ends once everything is rendered watches nothing. */
  settle({ config, stores }: KeptProgram, state: AgentState, { isLast }: Rest): void {
    for (const old of this.#retired.splice(0)) void closeAll(old)
    if (isLast || config.exitAfterAuth) return
    for (const [name, store] of stores) {
      if (!store.canWatch) continue
      store.watch(watchedSecrets(state, name), (path) => this.#changed({ store: name, path }))
    }
  }

  retire({ stores }: KeptProgram): void {
    this.#retired.push(stores)
  }

  async close({ stores }: KeptProgram): Promise<void> {
    await Promise.all([...this.#retired.splice(0), stores].map(closeAll))
  }
}

async function closeAll(stores: NamedStores): Promise<void> {
  await Promise.all(Array.from(stores.values(), (store) => store.close().catch(() => undefined)))
}
