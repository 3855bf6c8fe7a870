/** A store beside Vault: its secrets have versions, its credentials end, and it has a weather of its own. */

import { NamedStore } from '../../../agent/stores/named-store.ts'
import { AppError } from '../../../core/errors.ts'
import { Secret } from '../../../core/secret.ts'
import type { StoreSettings } from '../../../core/stores/settings/store-settings.ts'
import { createSharedMemory } from '../../../core/stores/shared-memory.ts'
import type { ReadOutcome, Store, StorePorts, StoreRead } from '../../../core/stores/store.ts'
import { storedAnswer } from '../../../core/stores/stored-answer.ts'
import { type CloudPlan, type DayPlan, paths } from './day-plan.ts'
import type { History } from './history.ts'
import type { Network } from './network.ts'
import { silentLogger } from './silent-logger.ts'
import type { SimulatedProcess } from './simulated-process.ts'
import { canary } from './simulated-vault.ts'
import { minute, type Timetable } from './timetable.ts'

/** What templates call it. */
export const cloudName = 'cloud'

export const cloudSettings: StoreSettings = { name: cloudName, type: 'aws', values: new Map() }

interface CloudSecret {
  readonly value: string
  readonly version: number
}

export class SimulatedCloud {
  readonly #plan: CloudPlan | undefined
  readonly #time: Timetable
  readonly #history: History
  readonly #secrets = new Map<string, CloudSecret>()
  /** Credentials that were withdrawn. */
  readonly #withdrawn = new Set<string>()
  readonly #granted: string[] = []
  #made = 0

  constructor({ cloud }: DayPlan, time: Timetable, history: History) {
    this.#plan = cloud
    this.#time = time
    this.#history = history
    if (cloud === undefined) return
    for (const path of [paths.cloud, paths.bucket]) this.setValue(path)
  }

  setValue(path: string): void {
    const version = (this.#secrets.get(path)?.version ?? 0) + 1
    const value = `${canary}-cloud-${++this.#made}`
    this.#secrets.set(path, { value, version })
    this.#history.note({ kind: 'value', path, value })
  }

  /** `NAME END`, as its client remembers them. */
  grant(): string {
    const { credentialMs } = this.#plan ?? { credentialMs: 0 }
    const name = `${canary}-key-${++this.#made}`
    const endsAt = this.#time.now + credentialMs
    this.#granted.push(name)
    this.#history.note({ kind: 'keys granted', name, endsAt })
    return `${name} ${endsAt}`
  }

  /** All credentials that were given out. */
  withdraw(): void {
    for (const name of this.#granted) this.#withdrawn.add(name)
    this.#history.note({ kind: 'withdrawn', names: [...this.#granted] })
  }

  read({ path, known }: StoreRead, credentials: string): ReadOutcome {
    const [name = '', end] = credentials.split(' ')
    if (this.#withdrawn.has(name) || Number(end) <= this.#time.now) {
      throw new AppError('token_invalid', { store: cloudName, status: 400 })
    }
    const secret = this.#secrets.get(path)
    if (secret === undefined) throw new AppError('secret_missing', { store: cloudName, path })
    const version = String(secret.version)
    if (version === known) return { kind: 'unchanged' }
    const bytes = JSON.stringify({ value: secret.value })
    return { kind: 'read', answer: storedAnswer({ content: { kind: 'whole', bytes }, version }) }
  }
}

interface Way {
  readonly cloud: SimulatedCloud
  readonly network: Network
  readonly process: SimulatedProcess
}

/** What a process asks it through: the agent's own store, and a client that logs in when its credentials end. */
export function createCloudStore({ refreshMs }: CloudPlan, way: Way): NamedStore {
  return new NamedStore({
    settings: cloudSettings,
    identity: 'cloud',
    refreshMs,
    ports: { environment: {}, now: () => 0, logger: silentLogger, userAgent: '' },
    share: createSharedMemory(),
    open: async (_, ports) => new CloudClient(way, ports),
  })
}

class CloudClient implements Store {
  readonly name = cloudName
  readonly #way: Way
  readonly #memory: StorePorts['memory']
  #login: Promise<Secret> | undefined

  constructor(way: Way, { memory }: StorePorts) {
    this.#way = way
    this.#memory = memory
  }

  read(reads: readonly StoreRead[]): Promise<readonly ReadOutcome[]> {
    return Promise.all(reads.map((read) => this.#readOne(read)))
  }

  async #readOne(read: StoreRead): Promise<ReadOutcome> {
    try {
      const known = this.#good(undefined)
      const keys = known ?? (await this.#renewed())
      return await this.#ask(read, keys, known === undefined).catch(async (thrown: unknown) => {
        if (!(thrown instanceof AppError) || thrown.code !== 'token_invalid') throw thrown
        return this.#ask(read, this.#good(keys) ?? (await this.#renewed()), true)
      })
    } catch (thrown) {
      if (thrown instanceof AppError) return { kind: 'failed', error: thrown }
      throw thrown
    }
  }

  #ask(read: StoreRead, keys: Secret, isFollowing: boolean): Promise<ReadOutcome> {
    const { network, process, cloud } = this.#way
    const subject = read.path
    const question = { what: 'cloud read', subject, token: undefined, isFollowing } as const
    return network.ask(process, question, () => cloud.read(read, keys.reveal()))
  }

  /** Keys that are known, are not those that were `refused`, and do not end within the minute. */
  #good(refused: Secret | undefined): Secret | undefined {
    const known = this.#memory.recall('keys')
    const end = Number(known?.reveal().split(' ')[1])
    const isGood = known?.reveal() !== refused?.reveal() && end - minute > this.#way.network.now
    return isGood ? known : undefined
  }

  /** One login at a time. */
  #renewed(): Promise<Secret> {
    this.#login ??= this.#logIn().finally(() => {
      this.#login = undefined
    })
    return this.#login
  }

  async #logIn(): Promise<Secret> {
    const { network, process, cloud } = this.#way
    const question = { what: 'cloud login', subject: cloudName, token: undefined } as const
    const keys = new Secret(await network.ask(process, question, () => cloud.grant()))
    this.#memory.remember('keys', keys)
    return keys
  }
}
