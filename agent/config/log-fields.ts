/** Where the log goes and how much of it there is: the `log_*` keys with their flags and variables. */
import { type LogFormat, type LogLevel, logFormats, logLevels } from '../../core/log.ts'
import { findNearest } from '../../core/nearest.ts'
import type { LogConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'
import { type Settings, settingReaders } from './settings.ts'

const dayMs = 86_400_000

const levels: ReadonlyMap<string, LogLevel> = new Map([
  ...logLevels.map((level) => [level, level] as const),
  // Vault Agent's other spellings.
  ['notice', 'info'],
  ['warning', 'warn'],
  ['err', 'error'],
])
const formats: ReadonlyMap<string, LogFormat> = new Map(
  logFormats.map((format) => [format, format]),
)

interface Choice<T> {
  readonly flag: 'log-level' | 'log-format'
  readonly suffix: string
  readonly key: string
  readonly known: ReadonlyMap<string, T>
  readonly standard: T
}

/** Defaults: `info`, `standard`, no file, a day. */
export function readLog(root: Fields, settings: Settings): LogConfig {
  const rotateBytes = settingReaders.whole(settings.text('log-rotate-bytes'), root)
  const rotateMs = settingReaders.duration(settings.text('log-rotate-duration'), root)
  const rotateMaxFiles = settingReaders.whole(settings.text('log-rotate-max-files'), root)
  const { choose } = chooserOf(root, settings)
  return {
    choice: {
      level: choose({
        flag: 'log-level',
        suffix: 'LOG_LEVEL',
        key: 'log_level',
        known: levels,
        standard: 'info',
      }),
      format: choose({
        flag: 'log-format',
        suffix: 'LOG_FORMAT',
        key: 'log_format',
        known: formats,
        standard: 'standard',
      }),
    },
    file: (settings.text('log-file')?.text ?? root.text('log_file')) || undefined,
    rotateBytes: Math.max(0, rotateBytes ?? root.whole('log_rotate_bytes') ?? 0),
    rotateMs: (rotateMs ?? root.duration('log_rotate_duration')) || dayMs,
    rotateMaxFiles: rotateMaxFiles ?? root.whole('log_rotate_max_files') ?? 0,
  }
}

/** What beats the file also hides what is wrong in it. */
function chooserOf(root: Fields, settings: Settings) {
  const choose = <T>({ flag, suffix, key, known, standard }: Choice<T>): T => {
    const setting = settings.filledText(flag, suffix)
    const text = setting?.text ?? root.text(key) ?? ''
    if (text.trim() === '') return standard
    const name = text.trim().toLowerCase()
    const chosen = known.get(name)
    if (chosen === undefined) {
      const nearest = findNearest(name, known.keys())
      const hint = nearest === undefined ? {} : { hint: `did you mean ${nearest}?` }
      const expected = `one of ${[...known.keys()].join(', ')}`
      root.report(setting?.place ?? key, expected, { got: text.slice(0, 20), ...hint })
    }
    return chosen ?? standard
  }
  return { choose }
}
