/** PostgreSQL through `pg`, in a bundle of its own. */
import pg from 'pg'
import { type Database, type DatabaseServer, idleMs } from './database.ts'
import { untilEnded } from './until-ended.ts'

/** Connects when there is something to do. */
export function openPostgresql(server: DatabaseServer): Database {
  const { host, port, socketPath, database, user, password, tls, connections, timeoutMs } = server
  // What is left out would come from PGHOST, PGPASSWORD and their like.
  const pool = new pg.Pool({
    host: socketPath ?? host,
    port,
    database,
    user,
    password,
    ssl: tls === undefined ? false : { ...tls, rejectUnauthorized: true, minVersion: 'TLSv1.2' },
    max: connections,
    connectionTimeoutMillis: timeoutMs,
    query_timeout: timeoutMs,
    idleTimeoutMillis: idleMs,
    allowExitOnIdle: true,
    application_name: 'claviger',
  })
  // An idle connection that ends is replaced when there is something to do.
  pool.on('error', () => undefined)
  return {
    run: async ({ sql, parameters }, signal) => {
      const connecting = pool.connect()
      const client = await untilEnded(connecting, signal, () => {
        connecting.then(
          (late) => late.release(true),
          () => undefined,
        )
      })
      let isBroken = false
      try {
        const query = { text: numberParameters(sql), values: [...parameters], rowMode: 'array' }
        const pending = client.query<unknown[]>(query)
        const { rows, rowCount } = await untilEnded(pending, signal, () => {
          isBroken = true
        })
        return { rows, found: rowCount ?? 0 }
      } catch (thrown) {
        // A refused statement leaves the connection as it was; what the server did not say itself is not to be trusted.
        isBroken ||= !(thrown instanceof pg.DatabaseError)
        throw thrown
      } finally {
        client.release(isBroken)
      }
    },
    close: () => pool.end(),
  }
}

function numberParameters(sql: string): string {
  let count = 0
  return sql.replace(/\?/g, () => `$${++count}`)
}
