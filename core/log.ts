/** Structured logging to one stream: constant messages with scalar fields, nothing else. */
import { AppError, systemCode } from './errors.ts'

/** Lowest to highest; the names are Vault's. */
export const logLevels = ['trace', 'debug', 'info', 'warn', 'error'] as const
export type LogLevel = (typeof logLevels)[number]

/** `standard` is one readable line, `json` one object a line: the names are Vault's. */
export const logFormats = ['standard', 'json'] as const
export type LogFormat = (typeof logFormats)[number]

export type LogFields = Readonly<Record<string, string | number | boolean | undefined>>

/** `message` is a constant string; what varies goes into `fields`. */
export interface Logger {
  readonly trace: (message: string, fields?: LogFields) => void
  readonly debug: (message: string, fields?: LogFields) => void
  readonly info: (message: string, fields?: LogFields) => void
  readonly warn: (message: string, fields?: LogFields) => void
  readonly error: (message: string, fields?: LogFields) => void
}

export interface LogOptions {
  readonly level: LogLevel
  readonly format: LogFormat
  readonly write: (line: string) => void
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** With a level that may change while the logger is in use. */
export interface LiveLogOptions extends Omit<LogOptions, 'level'> {
  readonly level: LogLevel | (() => LogLevel)
}

/** A logger that drops what is below `level` and passes each line, newline included, to `write`. */
export function createLogger({ level, format, write, now }: LiveLogOptions): Logger {
  const threshold = () => logLevels.indexOf(typeof level === 'function' ? level() : level)
  const render = format === 'json' ? renderJson : renderStandard
  const at =
    (lineLevel: LogLevel) =>
    (message: string, fields: LogFields = {}) => {
      if (logLevels.indexOf(lineLevel) < threshold()) return
      const present = Object.entries(fields)
        .filter(([, value]) => value !== undefined)
        .map(([name, value]) => [name, escapeField(value)] as const)
      write(
        render({ time: new Date(now()).toISOString(), level: lineLevel, message, fields: present }),
      )
    }
  return {
    trace: at('trace'),
    debug: at('debug'),
    info: at('info'),
    warn: at('warn'),
    error: at('error'),
  }
}

/**
 * A text without what JSON leaves as it is and a terminal or a viewer acts on: DEL, C1 controls, line separators and marks that
 * turn the direction of writing; they are spelled out. Source: Unicode TR36, bidirectional text spoofing.
 */
export function escapeControls(text: string): string {
  return text.replace(
    /[\u007f-\u009f\u200e\u200f\u2028-\u202e\u2066-\u2069\ufeff]/g,
    (character) => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

function escapeField(value: LogFields[string]): LogFields[string] {
  return typeof value === 'string' ? escapeControls(value) : value
}

/** What may be said of a thrown value: code and facts of ours, name and system code of any other. */
export function errorFields(thrown: unknown): LogFields {
  if (thrown instanceof AppError) {
    return { code: thrown.code, error: thrown.summary, ...thrown.facts }
  }
  const name = thrown instanceof Error ? thrown.name : typeof thrown
  return { code: 'internal', error: name, cause: systemCode(thrown) }
}

interface Line {
  readonly time: string
  readonly level: LogLevel
  readonly message: string
  readonly fields: readonly (readonly [string, string | number | boolean | undefined])[]
}

function renderJson({ time, level, message, fields }: Line): string {
  const line = { '@timestamp': time, '@level': level, '@message': message }
  return `${JSON.stringify({ ...line, ...Object.fromEntries(fields) })}\n`
}

function renderStandard({ time, level, message, fields }: Line): string {
  const tail = fields.map(([name, value]) => ` ${name}=${quote(String(value))}`).join('')
  return `${time} [${level.toUpperCase()}] ${message}${tail}\n`
}

const bare = /^[\w.:/@+-]+$/

function quote(text: string): string {
  return bare.test(text) ? text : JSON.stringify(text)
}
