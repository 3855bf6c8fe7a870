/** The webhook's JSON log on pino, behind the interface of core/log.ts and with the names that Vault's logs have. */
import { pino } from 'pino'
import {
  escapeControls,
  type LogFields,
  type Logger,
  type LogLevel,
  type LogOptions,
} from '../../core/log.ts'

/** One object a line; `format` is not looked at. */
export function createPinoLogger({ level, write, now }: Omit<LogOptions, 'format'>): Logger {
  const log = pino(
    {
      level,
      base: null,
      messageKey: '@message',
      timestamp: () => `,"@timestamp":"${new Date(now()).toISOString()}"`,
      formatters: { level: (label) => ({ '@level': label }) },
    },
    { write },
  )
  const at =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) =>
      log[lineLevel](escapeFields(fields), message)
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

function escapeFields(fields: LogFields): LogFields {
  const entries = Object.entries(fields).map(([name, value]) => [
    name,
    typeof value === 'string' ? escapeControls(value) : value,
  ])
  return Object.fromEntries(entries)
}
