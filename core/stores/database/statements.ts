/** The SQL of a table `secret(key, value, last_updated)`, for each kind of server. Every value is a parameter. */
import { AppError } from '../../errors.ts'
import type { DatabaseKind, Statement } from './database.ts'

export interface Statements {
  /** Key, value, time as text; of keys that the server takes for equal, too. */
  readonly select: (paths: readonly string[]) => Statement
  /** Key and time as text, of keys that begin so; letters of the other case may be among them. */
  readonly list: (beginning: string) => Statement
  readonly insert: (row: WrittenRow) => Statement
  /** `before`: only where the value is still that one. */
  readonly update: (row: WrittenRow, before?: string) => Statement
  readonly remove: (path: string) => Statement
}

export interface WrittenRow {
  readonly path: string
  readonly value: string
  /** Milliseconds since the epoch. */
  readonly at: number
}

interface Dialect {
  readonly quote: string
  /** What the time is as text. */
  readonly timeText: (column: string) => string
  /** The same text as the parameter, whatever the column's collation takes for equal. */
  readonly isExactly: (column: string) => string
  readonly formatTime: (at: number) => string
}

/** Six digits behind the second, as SQLAlchemy writes and reads them. */
function formatPlain(at: number): string {
  return new Date(at).toISOString().replace('T', ' ').replace('Z', '000')
}

const dialects: Readonly<Record<DatabaseKind, Dialect>> = {
  postgresql: {
    quote: '"',
    timeText: (column) => `CAST(${column} AS text)`,
    isExactly: (column) => `${column} = ?`,
    // A column without a time zone passes over the zone.
    formatTime: (at) => `${formatPlain(at)}+00`,
  },
  mysql: {
    quote: '`',
    timeText: (column) => `CAST(${column} AS char)`,
    isExactly: (column) => `${column} = CONVERT(? USING utf8mb4) COLLATE utf8mb4_bin`,
    formatTime: formatPlain,
  },
  sqlite: {
    quote: '"',
    timeText: (column) => `CAST(${column} AS text)`,
    isExactly: (column) => `${column} = ?`,
    formatTime: formatPlain,
  },
}

/** `table` may have a schema before it. Errors: `config_invalid` for what is no name. */
export function createStatements(kind: DatabaseKind, table: string): Statements {
  const { quote, timeText, isExactly, formatTime } = dialects[kind]
  const name = (part: string) => `${quote}${part}${quote}`
  if (!/^[A-Za-z_]\w{0,62}(?:\.[A-Za-z_]\w{0,62})?$/.test(table)) {
    throw new AppError('config_invalid', { reason: 'not the name of a table' })
  }
  const place = table.split('.').map(name).join('.')
  const [key, value, time] = [name('key'), name('value'), name('last_updated')]
  // By the index first: what it finds are at most a few.
  const isKey = `${key} = ? AND ${isExactly(key)}`
  return {
    select: (paths) => ({
      sql: `SELECT ${key}, ${value}, ${timeText(time)} FROM ${place} WHERE ${key} IN (${paths.map(() => '?').join(', ')})`,
      parameters: paths,
    }),
    list: (beginning) => ({
      sql: `SELECT ${key}, ${timeText(time)} FROM ${place} WHERE ${key} LIKE ? ESCAPE '!'`,
      parameters: [`${beginning.replace(/[!%_]/g, '!$&')}%`],
    }),
    insert: ({ path, value: text, at }) => ({
      sql: `INSERT INTO ${place} (${key}, ${value}, ${time}) VALUES (?, ?, ?)`,
      parameters: [path, text, formatTime(at)],
    }),
    update: ({ path, value: text, at }, before) => ({
      sql: `UPDATE ${place} SET ${value} = ?, ${time} = ? WHERE ${isKey}${before === undefined ? '' : ` AND ${isExactly(value)}`}`,
      parameters: [text, formatTime(at), path, path, ...(before === undefined ? [] : [before])],
    }),
    remove: (path) => ({ sql: `DELETE FROM ${place} WHERE ${isKey}`, parameters: [path, path] }),
  }
}

/** Milliseconds since the epoch of a time as the server writes it, which is UTC unless it says otherwise. */
export function parseTime(text: unknown): number | undefined {
  if (typeof text !== 'string') return undefined
  const [, day = '', clock = '', zone = ''] =
    /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d(?:\.\d{1,3})?)\d*(Z|[+-]\d\d(?::?\d\d)?)?$/.exec(text) ??
    []
  const at = Date.parse(`${day}T${clock}${/^[+-]\d\d$/.test(zone) ? `${zone}:00` : zone || 'Z'}`)
  return Number.isNaN(at) ? undefined : at
}
