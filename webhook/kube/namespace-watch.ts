/** The namespaces of the cluster in memory: listed once, then kept by a watch. */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import { type NamespaceView, readNamespaceDefaults } from '../inject/namespace.ts'
import type { NamespaceApi, NamespaceEvent, Namespaces } from './namespaces.ts'

export interface NamespaceWatchOptions {
  readonly api: NamespaceApi
  readonly clock: Clock
  readonly logger: Logger
}

/** A pod may arrive before the event of its new namespace does; the API server waits for seconds. */
const unknownWaitMs = 500
const retry: Backoff = { minMs: 500, maxMs: 30_000 }
/** Between two watches that the API server ended, so that one that ends each at once is not asked without end. */
const pauseMs = 100

/** Failures leave what is known as it is. */
export class NamespaceWatch implements Namespaces {
  readonly #options: NamespaceWatchOptions
  #known = new Map<string, NamespaceView>()
  /** By name: whoever waits for it. */
  readonly #waiting = new Map<string, Set<(namespace: NamespaceView) => void>>()
  /** By name: what was logged of it, so that it is logged once. */
  readonly #complaints = new Map<string, string>()
  #synced = false
  #heardAt: number | undefined

  constructor(options: NamespaceWatchOptions) {
    this.#options = options
  }

  get synced(): boolean {
    return this.#synced
  }

  /** When the API server last said something, in milliseconds since the epoch. */
  get heardAt(): number | undefined {
    return this.#heardAt
  }

  find(name: string): NamespaceView | undefined {
    return this.#known.get(name)
  }

  async wait(name: string): Promise<NamespaceView | undefined> {
    const known = this.find(name)
    if (known !== undefined) return known
    const stop = new AbortController()
    const waiting = this.#waiting.get(name) ?? new Set()
    this.#waiting.set(name, waiting)
    let wake: (namespace: NamespaceView) => void = () => undefined
    const arrived = new Promise<NamespaceView>((resolve) => {
      wake = resolve
    })
    waiting.add(wake)
    const late = this.#options.clock.sleep(unknownWaitMs, stop.signal).then(() => undefined)
    const found = await Promise.race([arrived, late])
    stop.abort()
    waiting.delete(wake)
    if (waiting.size === 0) this.#waiting.delete(name)
    return found
  }

  /** Ends when `signal` aborts, and never rejects. */
  async run(signal: AbortSignal): Promise<void> {
    const { clock, logger } = this.#options
    let version: string | undefined
    let failures = 0
    while (!signal.aborted) {
      let pause = pauseMs
      try {
        if (version === undefined) version = await this.#list(signal)
        const ended = await this.#options.api.watch(
          version,
          (event) => {
            version = event.resourceVersion
            failures = 0
            this.#apply(event)
          },
          signal,
        )
        if (ended === 'expired') {
          version = undefined
          failures += 1
          pause = backoffMs(retry, failures, clock.chance())
        }
      } catch (thrown) {
        if (signal.aborted) return
        failures += 1
        pause = backoffMs(retry, failures, clock.chance())
        logger.warn('namespaces not watched', errorFields(thrown))
      }
      await clock.sleep(pause, signal)
    }
  }

  async #list(signal: AbortSignal): Promise<string> {
    const { resourceVersion, namespaces } = await this.#options.api.list(signal)
    this.#known = new Map(namespaces.map((namespace) => [namespace.name, namespace]))
    for (const name of this.#complaints.keys()) {
      if (!this.#known.has(name)) this.#complaints.delete(name)
    }
    for (const namespace of namespaces) this.#tell(namespace)
    this.#synced = true
    this.#heardAt = this.#options.clock.now()
    this.#options.logger.info('namespaces listed', { namespaces: namespaces.length })
    return resourceVersion
  }

  #apply(event: NamespaceEvent): void {
    this.#heardAt = this.#options.clock.now()
    if (event.kind === 'bookmark') return
    const { namespace } = event
    if (event.kind === 'gone') {
      this.#known.delete(namespace.name)
      this.#complaints.delete(namespace.name)
    } else {
      this.#known.set(namespace.name, namespace)
      this.#tell(namespace)
    }
  }

  /** Whoever waits for it, and the log if something of it is in vain. */
  #tell(namespace: NamespaceView): void {
    const { name } = namespace
    for (const wake of this.#waiting.get(name) ?? []) wake(namespace)
    const { warnings } = readNamespaceDefaults(namespace)
    const complaint = warnings.join('\n')
    if (complaint === (this.#complaints.get(name) ?? '')) return
    this.#complaints.set(name, complaint)
    for (const warning of warnings) {
      this.#options.logger.warn('default of a namespace ignored', { namespace: name, warning })
    }
  }
}
