/** What the signals that end a process mean to the agent. */
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'

export interface StopSignals {
  /** Aborted when the agent has to end now. */
  readonly stop: AbortSignal
  /** Ends the agent as SIGTERM does. */
  readonly request: () => void
  /** Whether it was asked to end, now or after the grace. */
  readonly isAsked: () => boolean
}

export interface StopPorts {
  /** How long the agent goes on after it was asked to end, milliseconds. */
  readonly graceMs: () => number
  readonly clock: Clock
  readonly logger: Logger
}

/** SIGTERM and SIGINT, after the grace; a second one changes nothing. SIGUSR1 would open V8's inspector: it is taken and dropped. */
export function watchStopSignals({ graceMs, clock, logger }: StopPorts): StopSignals {
  const controller = new AbortController()
  let isAsked = false
  const request = () => {
    if (isAsked) return
    isAsked = true
    const pauseMs = graceMs()
    if (pauseMs === 0) return controller.abort()
    logger.info('asked to end, going on for a while', { grace_s: pauseMs / 1000 })
    clock.sleep(pauseMs).then(() => controller.abort())
  }
  process.on('SIGTERM', request)
  process.on('SIGINT', request)
  process.on('SIGUSR1', () => logger.debug('SIGUSR1 means nothing to the agent'))
  return { stop: controller.signal, request, isAsked: () => isAsked }
}
