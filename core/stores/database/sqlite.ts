/** SQLite through node:sqlite. Synchronous: a file is there at once or not at all. */
import { existsSync } from 'node:fs'
import { AppError } from '../../errors.ts'
import type { Database, StatementResult } from './database.ts'

/** How long another process may hold the file. */
const busyMs = 1000

/** The file is opened for each statement, since it may be replaced. It is never made: it would have no table. */
export function openSqlite(file: string): Database {
  return {
    run: async ({ sql, parameters }): Promise<StatementResult> => {
      if (!existsSync(file)) throw new AppError('store_unreachable', { at: file, cause: 'ENOENT' })
      const { DatabaseSync } = await import('node:sqlite')
      const database = new DatabaseSync(file, { timeout: busyMs })
      try {
        const statement = database.prepare(sql)
        statement.setReturnArrays(true)
        if (sql.startsWith('SELECT')) {
          const rows: readonly unknown[] = statement.all(...parameters)
          return { rows: rows.filter((row) => Array.isArray(row)), found: rows.length }
        }
        return { rows: [], found: Number(statement.run(...parameters).changes) }
      } finally {
        database.close()
      }
    },
    close: async () => undefined,
  }
}
