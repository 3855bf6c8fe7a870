/** A store besides the pod's own Vault, as steps ask it: opened with its first request, and asked at once for what is wanted at one moment. */
import { AppError, toAppError } from '../../core/errors.ts'
import type { Secret } from '../../core/secret.ts'
import { listedAnswer, listingPrefix } from '../../core/stores/listed-answer.ts'
import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'
import { settingOf } from '../../core/stores/settings/store-settings.ts'
import { type StoreType, storeTypes } from '../../core/stores/settings/store-types.ts'
import type { ShareMemory } from '../../core/stores/shared-memory.ts'
import type {
  ReadOutcome,
  Store,
  StoreMemory,
  StorePorts,
  StoreRead,
  Watch,
  WatchedSecret,
} from '../../core/stores/store.ts'
import type { SecretAnswer } from '../../core/template/secret-request.ts'
import type { StepStore } from '../step/ports.ts'

export type OpenStore = (settings: StoreSettings, ports: StorePorts) => Promise<Store>

export interface NamedStoreInput {
  readonly settings: StoreSettings
  readonly identity: string
  readonly refreshMs: number | undefined
  readonly ports: Omit<StorePorts, 'memory'>
  readonly share: ShareMemory
  readonly open: OpenStore
}

/** More names are no list that a file is made of. */
const mostNames = 10_000

interface Asked {
  readonly read: StoreRead
  readonly resolve: (outcome: ReadOutcome) => void
  readonly reject: (thrown: unknown) => void
}

export class NamedStore implements StepStore {
  readonly name: string
  readonly identity: string
  readonly refreshMs: number | undefined
  readonly memory = new Map<string, Secret>()
  readonly #input: NamedStoreInput
  readonly #shared: StoreMemory
  #store: Promise<Store> | undefined
  #asked: Asked[] = []
  #watched: readonly string[] = []
  #watch: Watch | undefined

  constructor(input: NamedStoreInput) {
    const { settings, identity, refreshMs } = input
    this.#input = input
    this.#shared = input.share(this.memory)
    this.name = settings.name
    this.identity = identity
    this.refreshMs = refreshMs
  }

  /** One outcome of the store's own; rejects where the store as a whole fails. */
  read(read: StoreRead): Promise<ReadOutcome> {
    return new Promise((resolve, reject) => {
      if (this.#asked.length === 0) queueMicrotask(() => void this.#readAsked())
      this.#asked.push({ read, resolve, reject })
    })
  }

  async list(path: string): Promise<SecretAnswer> {
    const store = await this.#opened()
    if (store.list === undefined) throw this.#incapable('list')
    const { entries } = await store.list({ prefix: listingPrefix(path), limit: mostNames })
    return listedAnswer(
      path,
      entries.map((entry) => entry.path),
    )
  }

  async renew(leaseId: string): Promise<number> {
    const store = await this.#opened()
    if (store.renew === undefined) throw this.#incapable('renew')
    return store.renew(leaseId)
  }

  /** Gives back what it was given; false where there is nothing. */
  async revoke(): Promise<boolean> {
    // What holds nothing is not opened for it.
    if (this.memory.size === 0 || this.#input.settings.type !== 'vault') return false
    const store = await this.#opened()
    return (await store.revoke?.()) ?? false
  }

  /** Whether it tells of changes, and may: `watch` is not false. */
  get canWatch(): boolean {
    const { settings, ports } = this.#input
    const { capabilities }: StoreType = storeTypes[settings.type]
    const isOff = settingOf(settings, 'watch', ports.environment)?.toLowerCase() === 'false'
    return capabilities.includes('watch') && !isOff
  }

  get isWatching(): boolean {
    return this.#watched.length > 0
  }

  isWatched(path: string): boolean {
    return this.#watched.includes(path) && this.#watch?.isLive() === true
  }

  /** Has `changed` told of changes of these secrets, and of no others, from now on. */
  watch(secrets: readonly WatchedSecret[], changed: (path: string) => void): void {
    const paths = secrets.map(({ path }) => path)
    if (!this.canWatch || isSame(paths, this.#watched)) return
    this.#endWatch()
    this.#watched = paths
    if (paths.length > 0) void this.#openWatch(secrets, changed)
  }

  async close(): Promise<void> {
    this.#endWatch()
    const store = await this.#store?.catch(() => undefined)
    await store?.close?.()
  }

  async #readAsked(): Promise<void> {
    const asked = this.#asked
    this.#asked = []
    try {
      const store = await this.#opened()
      const outcomes = await store.read(asked.map(({ read }) => read))
      for (const [index, { resolve, reject }] of asked.entries()) {
        const outcome = outcomes[index]
        if (outcome === undefined) reject(this.#invalid('fewer outcomes than reads'))
        else resolve(outcome)
      }
    } catch (thrown) {
      for (const { reject } of asked) reject(thrown)
    }
  }

  /** One that cannot be opened is tried again with the next request. */
  #opened(): Promise<Store> {
    if (this.#store !== undefined) return this.#store
    const { settings, ports, open } = this.#input
    const opened = open(settings, { ...ports, memory: this.#shared })
    this.#store = opened
    opened.catch(() => {
      this.#store = undefined
    })
    return opened
  }

  async #openWatch(
    secrets: readonly WatchedSecret[],
    changed: (path: string) => void,
  ): Promise<void> {
    const paths = this.#watched
    const isWanted = () => this.#watched === paths
    try {
      const store = await this.#opened()
      if (isWanted()) this.#watch = store.watch?.(secrets, changed)
    } catch (thrown) {
      // Tried again after the next step; what is not watched is asked for at its interval.
      if (isWanted()) this.#watched = []
      const { code } = toAppError(thrown, 'store_answer_invalid')
      this.#input.ports.logger.debug('store not watched', { store: this.name, code })
    }
  }

  #endWatch(): void {
    this.#watch?.close()
    this.#watch = undefined
    this.#watched = []
  }

  #incapable(capability: string): AppError {
    const { type } = this.#input.settings
    return new AppError('store_incapable', { store: this.name, type, capability })
  }

  #invalid(reason: string): AppError {
    return new AppError('store_answer_invalid', { store: this.name, reason })
  }
}

function isSame(left: readonly string[], right: readonly string[]): boolean {
  return left.length === right.length && left.every((path, index) => path === right[index])
}
