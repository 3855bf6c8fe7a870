/** The kinds of value that say what is logged and how. */
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../../../core/log.ts'
import { choice, type ValueKind } from './value-kinds.ts'

const levelSynonyms = new Map<string, LogLevel>([
  ['', 'info'],
  ['notice', 'info'],
  ['warning', 'warn'],
  ['err', 'error'],
])

/** Any letter case, and the other names that Vault takes; empty is the default. */
export const logLevel: ValueKind<LogLevel> = {
  ...choice(logLevels),
  parse: (value) => {
    const word = value.trim().toLowerCase()
    return levelSynonyms.get(word) ?? logLevels.find((level) => level === word)
  },
}

/** Empty is the default. */
export const logFormat: ValueKind<LogFormat> = {
  ...choice(logFormats),
  parse: (value) => (value === '' ? 'standard' : logFormats.find((format) => format === value)),
}
