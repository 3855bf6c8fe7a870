/** The namespaces of the cluster in memory: listed once, then kept by a watch. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import { type NamespaceView, readNamespaceDefaults } from '../inject/namespace.ts'
import type { MetadataApi, MetadataEvent, MetadataList } from './metadata.ts'
import { followMetadata } from './metadata-watch.ts'
import type { Namespaces } from './namespaces.ts'

export interface NamespaceWatchOptions {
  readonly api: MetadataApi<NamespaceView>
  readonly clock: Clock
  readonly logger: Logger
}

/** A pod may arrive before the event of its new namespace does; the API server waits for seconds. */
const unknownWaitMs = 500

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
  run(signal: AbortSignal): Promise<void> {
    return followMetadata(
      {
        ...this.#options,
        complaint: 'namespaces not watched',
        onList: (list) => this.#replace(list),
        onEvent: (event) => this.#apply(event),
      },
      signal,
    )
  }

  #replace({ items }: MetadataList<NamespaceView>): void {
    this.#known = new Map(items.map((namespace) => [namespace.name, namespace]))
    for (const name of this.#complaints.keys()) {
      if (!this.#known.has(name)) this.#complaints.delete(name)
    }
    for (const namespace of items) this.#tell(namespace)
    this.#synced = true
    this.#heardAt = this.#options.clock.now()
    this.#options.logger.info('namespaces listed', { namespaces: items.length })
  }

  #apply(event: MetadataEvent<NamespaceView>): void {
    this.#heardAt = this.#options.clock.now()
    if (event.kind === 'bookmark') return
    const { item: namespace } = event
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
