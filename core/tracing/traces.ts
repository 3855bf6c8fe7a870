/** Traces of one program: what is recorded while it works goes to a collector when its work is done. */
import type { Environment } from '../environment.ts'
import { systemCode } from '../errors.ts'
import { pickCommonProxy } from '../http/proxy-variables.ts'
import type { Logger } from '../log.ts'
import { version } from '../version.ts'
import { postSpans } from './collector.ts'
import type { EncodeSpans } from './encoder.ts'
import { Recorder, type RecorderClock } from './recorder.ts'
import type { TraceSettings } from './trace-settings.ts'

export interface TracesPorts {
  readonly environment: Environment
  readonly logger: Logger
  readonly clock: RecorderClock
  /** Sent as `user-agent`. */
  readonly userAgent: string
  /** W3C's `traceparent` and `tracestate` of what roots belong to. Default: none. */
  readonly parent?: Readonly<Record<string, string>>
  /** Whether the last request failed, as far as it is known from before; such a failure is told once. */
  readonly failing: FailingMark
}

export interface FailingMark {
  readonly isSet: () => boolean
  readonly set: (isFailing: boolean) => void
}

/** For a process that no other goes on with. */
export function createFailingMark(): FailingMark {
  let isFailing = false
  return {
    isSet: () => isFailing,
    set: (failing) => {
      isFailing = failing
    },
  }
}

export class Traces {
  readonly recorder: Recorder
  readonly #settings: TraceSettings
  readonly #ports: TracesPorts
  #encode: EncodeSpans | undefined
  #sending: Promise<void> | undefined
  readonly #end = new AbortController()

  constructor(settings: TraceSettings, ports: TracesPorts) {
    this.#settings = settings
    this.#ports = ports
    this.recorder = new Recorder(ports.clock)
  }

  /** Whatever an earlier process found: the next failure is told. */
  tellAnew(): void {
    const { failing } = this.#ports
    if (failing.isSet()) failing.set(false)
  }

  /** Sends what has ended, and returns at once; while a request is under way the rest waits for the next time. */
  send(): void {
    if (this.#sending !== undefined) return
    const { spans, dropped } = this.recorder.take()
    if (dropped > 0) this.#ports.logger.warn('too many spans, some are left out', { dropped })
    if (spans.length === 0) return
    this.#sending = this.#send(spans).finally(() => {
      this.#sending = undefined
    })
  }

  /** Sends the rest and waits for it, so many milliseconds at most: what has not come to the collector by then is lost. */
  async close(withinMs: number): Promise<void> {
    this.recorder.endRoot()
    const late = Symbol('late')
    let timer: NodeJS.Timeout | undefined
    const deadline = new Promise<typeof late>((resolve) => {
      timer = setTimeout(() => resolve(late), withinMs)
    })
    const ended = await Promise.race([this.#drain(), deadline])
    clearTimeout(timer)
    if (ended !== late) return
    this.#note(`no answer within ${withinMs / 1000} s`)
    // A request that is under way would keep the process.
    this.#end.abort()
  }

  async #drain(): Promise<void> {
    await this.#sending
    this.send()
    await this.#sending
  }

  async #send(spans: ReturnType<Recorder['take']>['spans']): Promise<void> {
    const { environment, userAgent } = this.#ports
    try {
      this.#encode ??= await this.#open()
      const body = this.#encode(spans)
      if (body === undefined) return
      const proxy = pickCommonProxy(environment)
      const { signal } = this.#end
      this.#note(await postSpans(this.#settings, body, { proxy, userAgent, signal }))
    } catch (thrown) {
      // Of ours or of the library: no reason for anybody to fail.
      this.#note(systemCode(thrown) ?? 'internal')
    }
  }

  /** The SDK is loaded when there is something to send, and that is when the work is done. */
  async #open(): Promise<EncodeSpans> {
    const { createEncoder } = await import('./encoder.ts')
    const { resource, sampler } = this.#settings
    const { parent = {} } = this.#ports
    return createEncoder({ resource: Object.fromEntries(resource), sampler, version, parent })
  }

  /** Says what changes and nothing twice. `reason` undefined: all went well. */
  #note(reason: string | undefined): void {
    if (this.#end.signal.aborted) return
    const { failing, logger } = this.#ports
    const address = new URL(this.#settings.url).origin
    const wasFailing = failing.isSet()
    if (reason !== undefined) {
      logger[wasFailing ? 'debug' : 'warn']('traces are not sent', { address, reason })
    } else if (wasFailing) logger.info('traces are sent again', { address })
    if (wasFailing !== (reason !== undefined)) failing.set(reason !== undefined)
  }
}
