/**
 * Watches Secrets one by one, each with the field selector that RBAC's `resourceNames` allows: a list says what is there and
 * from where on to watch. Source: Kubernetes API concepts, "Efficient detection of changes".
 */
import { type Backoff, backoffMs } from '../../backoff.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { errorFields, type Logger } from '../../log.ts'
import type { Watch, WatchedSecret } from '../store.ts'
import { type AskApi, listMetadata, nameSelector, textAt } from './api.ts'
import type { ApiPlace } from './api-place.ts'
import { openStream, type WatchEvent } from './watch-stream.ts'

export interface SecretWatchOptions {
  readonly place: ApiPlace
  /** The store's name, for its log lines. */
  readonly store: string
  readonly logger: Logger
  readonly ask: AskApi
  readonly clock?: Clock
}

const retry: Backoff = { minMs: 200, maxMs: 60_000 }
/** Between two streams that the API server ended, so that one that ends each at once is not asked without end. */
const pauseMs = 100

/** Nothing is watched before the watch is called; each call has streams of its own. */
export function createWatch(
  options: SecretWatchOptions,
): (secrets: readonly WatchedSecret[], changed: (path: string) => void) => Watch {
  return (secrets, changed) => {
    const ending = new AbortController()
    const live = new Set<string>()
    const byPath = new Map(secrets.map((secret) => [secret.path, secret]))
    for (const secret of byPath.values()) {
      void new Follower(options, { secret, changed, live }).follow(ending.signal)
    }
    return {
      isLive: () => live.size === byPath.size,
      close: () => ending.abort(),
    }
  }
}

interface Watched {
  readonly secret: WatchedSecret
  readonly changed: (path: string) => void
  /** Paths whose stream is open. */
  readonly live: Set<string>
}

class Follower {
  readonly #options: SecretWatchOptions
  readonly #watched: Watched
  /** What the caller knows, or was told of; undefined: that it is not there. */
  #known: string | undefined
  /** Where the next stream begins; undefined: after a list. */
  #version: string | undefined
  /** Whether the caller may have put off its own reads because of it. */
  #isReliedOn = false
  #failures = 0

  constructor(options: SecretWatchOptions, watched: Watched) {
    this.#options = options
    this.#watched = watched
    this.#known = watched.secret.known
  }

  /** Until `signal` aborts; never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock = systemClock } = this.#options
    while (!signal.aborted) {
      const failed = await this.#followOnce(signal)
      this.#failures = failed ? this.#failures + 1 : 0
      const pause = failed ? backoffMs(retry, this.#failures, clock.chance()) : pauseMs
      await clock.sleep(pause, signal)
    }
  }

  /** Whether it failed. */
  async #followOnce(signal: AbortSignal): Promise<boolean> {
    const isResumed = this.#version !== undefined
    try {
      await this.#stream(signal)
      return false
    } catch (thrown) {
      return !signal.aborted && this.#fail(thrown, isResumed)
    }
  }

  async #stream(signal: AbortSignal): Promise<void> {
    const { place } = this.#options
    const { live, secret } = this.#watched
    const opened = () => {
      live.add(secret.path)
      this.#isReliedOn = true
    }
    this.#version ??= await this.#look(signal)
    try {
      const beginning = { name: secret.path, version: this.#version }
      await openStream({ place, ...beginning, signal, opened }, (event) => this.#take(event))
    } finally {
      live.delete(secret.path)
    }
  }

  /** The version of the whole collection: that of a Secret which nobody has changed for long may be known no more. */
  async #look(signal: AbortSignal): Promise<string> {
    const { ask } = this.#options
    const { items, version } = await listMetadata(
      ask,
      nameSelector(this.#watched.secret.path),
      signal,
    )
    if (version === undefined) {
      throw new AppError('store_answer_invalid', { reason: 'a list without a version' })
    }
    const [metadata] = items
    this.#note(metadata && textAt(metadata, 'resourceVersion'))
    return version
  }

  #take({ type, version }: WatchEvent): void {
    this.#failures = 0
    this.#version = version
    if (type !== 'BOOKMARK') this.#note(type === 'DELETED' ? undefined : version)
  }

  #note(version: string | undefined): void {
    const { secret, changed } = this.#watched
    if (version === this.#known) return
    this.#known = version
    changed(secret.path)
  }

  /** 410 says that what came after the version is no longer known: the next stream begins with a list. */
  #fail(thrown: unknown, isResumed: boolean): boolean {
    const { logger, store } = this.#options
    const { path } = this.#watched.secret
    if (thrown instanceof AppError && thrown.facts['status'] === 410) {
      this.#version = undefined
      return !isResumed
    }
    if (this.#isReliedOn) {
      this.#isReliedOn = false
      this.#watched.changed(path)
    }
    // The first of a row: what fails for hours is told by the reads that take the watch's place.
    if (this.#failures === 0) {
      const fields = errorFields(thrown)
      logger.warn('secret not watched, it is read at intervals meanwhile', {
        ...fields,
        store,
        path,
      })
    }
    return true
  }
}
