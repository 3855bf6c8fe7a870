/** What happened in a step as log lines: the only place that words them. */
import { errorFields, type Logger } from '../core/log.ts'
import type { StepEvent } from './step/context.ts'

export function reportEvents(logger: Logger, events: readonly StepEvent[]): void {
  for (const event of events) report(logger, event)
}

function report(logger: Logger, event: StepEvent): void {
  switch (event.kind) {
    case 'logged_in': {
      const { path, role, ttlMs } = event
      logger.info('logged in', { path, role, ttl_s: ttlMs / 1000 })
      break
    }
    case 'token_renewed':
      logger.info('token renewed', { ttl_s: event.ttlMs / 1000 })
      break
    case 'token_dead':
      logger.warn('the store does not know the token any more', errorFields(event.error))
      break
    case 'lease_renewed':
      logger.info('lease renewed', { path: event.path })
      break
    case 'lease_unrenewable':
      logger.warn('lease may not be renewed, it is replaced before its end', { path: event.path })
      break
    case 'secret_read':
      logger.debug('secret read', { path: event.path })
      break
    case 'secret_absent': {
      const { path, attempts, retryInMs } = event
      const level = attempts === 1 ? 'info' : 'debug'
      logger[level]('optional secret does not exist', { path, retry_in_s: retryInMs / 1000 })
      break
    }
    case 'store_busy': {
      const { store, retryInMs } = event
      logger.warn('store is too busy, it is left alone', { store, retry_in_s: retryInMs / 1000 })
      break
    }
    case 'failed': {
      const { what, retryInMs, error } = event
      logger.warn('store request failed', {
        what,
        retry_in_s: retryInMs / 1000,
        ...errorFields(error),
      })
      break
    }
    case 'template_failed':
      // Said at the start, and no step changes it.
      if (event.error.code === 'template_invalid') break
      logger[event.isFatal ? 'error' : 'warn']('template failed', errorFields(event.error))
      break
    case 'file_stale':
      logger.warn('secrets of a file are too old', {
        path: event.destination,
        action: event.action,
      })
      break
  }
}
