/** A log that nobody reads. */
import type { Logger } from '../../../core/log.ts'

const ignore = () => undefined

export const silentLogger: Logger = {
  trace: ignore,
  debug: ignore,
  info: ignore,
  warn: ignore,
  error: ignore,
}
