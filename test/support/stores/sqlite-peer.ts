/** A file of SQLite as a store's peer, with the table as Keep HQ makes it. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StorePeer } from './store-peer.ts'
import { openTestStore } from './store-ports.ts'

/** Source: keephq/keep, keep/api/models/db/secret.py, as SQLAlchemy makes it of that. */
export const sqliteTable =
  'CREATE TABLE secret ("key" VARCHAR NOT NULL, value VARCHAR NOT NULL, last_updated DATETIME NOT NULL, PRIMARY KEY ("key"))'

export const sqlitePeer: StorePeer = {
  type: 'db',
  features: {
    isBinarySafe: false,
    largestBytes: 16 * 1024 * 1024,
    hasTags: false,
    invalidPath: 'a\0b',
    renewsCredentials: false,
  },
  faults: [],
  start: async () => {
    const folder = mkdtempSync(join(tmpdir(), 'claviger-sqlite-'))
    const file = join(folder, 'keep.db')
    const database = new DatabaseSync(file)
    database.exec(sqliteTable)
    database.exec('PRAGMA synchronous = OFF')
    return {
      open: (changes = new Map()) =>
        openTestStore('db', new Map([['url', `sqlite://${file}`], ...changes])),
      put: async (path, bytes) => {
        const sql = 'INSERT OR REPLACE INTO secret VALUES (?, ?, ?)'
        const now = new Date().toISOString().replace('T', ' ').replace('Z', '')
        database.prepare(sql).run(path, Buffer.from(bytes).toString('utf8'), now)
      },
      look: async (path) => {
        const row = database.prepare('SELECT value FROM secret WHERE key = ?').get(path)
        return row === undefined ? undefined : Buffer.from(String(row['value']))
      },
      remove: async (path) => {
        database.prepare('DELETE FROM secret WHERE key = ?').run(path)
      },
      stop: async () => {
        database.close()
        rmSync(folder, { recursive: true })
      },
    }
  },
}
