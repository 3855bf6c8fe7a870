/**
 * Watches Secrets one by one, each with the field selector that RBAC's `resourceNames` allows. Source: Kubernetes API concepts,
 * "Efficient detection of changes".
 */
import { type Backoff, backoffMs } from '../../backoff.ts'
import { type Clock, systemClock } from '../../clock.ts'
import { AppError } from '../../errors.ts'
import { errorFields, type Logger } from '../../log.ts'
import type { Watch } from '../store.ts'
import type { ApiPlace } from './api-place.ts'
import { openStream, type WatchEvent } from './watch-stream.ts'

export interface SecretWatchOptions {
  readonly place: ApiPlace
  /** The store's name, for its log lines. */
  readonly store: string
  readonly logger: Logger
  /** Path → resource version of the last read; the watch goes on from there and keeps it up to date. */
  readonly versions: Map<string, string>
  readonly clock?: Clock
}

const retry: Backoff = { minMs: 200, maxMs: 60_000 }
/** Between two streams that the API server ended, so that one that ends each at once is not asked without end. */
const pauseMs = 100

/** Nothing is watched before the watch is called; each call has streams of its own. */
export function createWatch(
  options: SecretWatchOptions,
): (paths: readonly string[], changed: (path: string) => void) => Watch {
  return (paths, changed) => {
    const ending = new AbortController()
    const live = new Set<string>()
    for (const path of new Set(paths)) {
      void new Follower(options, { path, changed, live }).follow(ending.signal)
    }
    return {
      isLive: () => new Set(paths).size === live.size,
      close: () => ending.abort(),
    }
  }
}

interface Watched {
  readonly path: string
  readonly changed: (path: string) => void
  /** Paths whose stream is open. */
  readonly live: Set<string>
}

class Follower {
  readonly #options: SecretWatchOptions
  readonly #watched: Watched
  /** Where the next stream begins; undefined: with what is there. */
  #version: string | undefined
  #failures = 0

  constructor(options: SecretWatchOptions, watched: Watched) {
    this.#options = options
    this.#watched = watched
    this.#version = options.versions.get(watched.path)
  }

  /** Until `signal` aborts; never rejects. */
  async follow(signal: AbortSignal): Promise<void> {
    const { clock = systemClock } = this.#options
    while (!signal.aborted) {
      const failed = await this.#followOnce(signal)
      this.#watched.live.delete(this.#watched.path)
      this.#failures = failed ? this.#failures + 1 : 0
      const pause = failed ? backoffMs(retry, this.#failures, clock.chance()) : pauseMs
      await clock.sleep(pause, signal)
    }
  }

  /** Whether the stream failed. */
  async #followOnce(signal: AbortSignal): Promise<boolean> {
    const { place } = this.#options
    const { path, live } = this.#watched
    const start = this.#version
    let isFirst = start === undefined
    try {
      await openStream(
        { place, name: path, version: start, opened: () => live.add(path), signal },
        (event) => {
          this.#take(event, isFirst)
          isFirst = false
        },
      )
      return false
    } catch (thrown) {
      if (signal.aborted) return false
      return this.#fail(thrown)
    }
  }

  /** The first event of a stream without a beginning says what is there, or with a bookmark that nothing is. */
  #take({ type, version }: WatchEvent, isFirst: boolean): void {
    const { versions } = this.#options
    const { path, changed } = this.#watched
    this.#failures = 0
    const before = versions.get(path)
    this.#version = version
    if (type === 'BOOKMARK') {
      if (!isFirst || before === undefined) return
      versions.delete(path)
    } else if (type === 'DELETED') versions.delete(path)
    else if (before === version) return
    else versions.set(path, version)
    changed(path)
  }

  /** 410 says that what came after the version is no longer known: the next stream begins with what is there. */
  #fail(thrown: unknown): boolean {
    const { logger, store } = this.#options
    const { path } = this.#watched
    if (thrown instanceof AppError && thrown.facts['status'] === 410) {
      const hadVersion = this.#version !== undefined
      this.#version = undefined
      return !hadVersion
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
