/** Keeps up with the objects of a kind: lists them once, then follows their changes, through everything that goes wrong on the way. */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { MetadataApi, MetadataEvent, MetadataList } from './metadata.ts'

export interface MetadataWatchOptions<T> {
  readonly api: MetadataApi<T>
  readonly clock: Clock
  readonly logger: Logger
  /** The constant message of the line that is logged when the API cannot be asked. */
  readonly complaint: string
  /** Takes the place of everything known before. */
  readonly onList: (list: MetadataList<T>) => void
  readonly onEvent: (event: MetadataEvent<T>) => void
}

const retry: Backoff = { minMs: 500, maxMs: 30_000 }
/** Between two watches that the API server ended, so that one that ends each at once is not asked without end. */
const pauseMs = 100

/** Ends when `signal` aborts, and never rejects. Failures change nothing of what is known. */
export async function followMetadata<T>(
  options: MetadataWatchOptions<T>,
  signal: AbortSignal,
): Promise<void> {
  const { api, clock, logger, complaint, onList, onEvent } = options
  let version: string | undefined
  let failures = 0
  while (!signal.aborted) {
    let pause = pauseMs
    try {
      if (version === undefined) {
        const list = await api.list(signal)
        onList(list)
        version = list.resourceVersion
      }
      const ended = await api.watch(
        version,
        (event) => {
          version = event.resourceVersion
          failures = 0
          onEvent(event)
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
      logger.warn(complaint, errorFields(thrown))
    }
    await clock.sleep(pause, signal)
  }
}
