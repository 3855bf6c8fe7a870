/** PostgreSQL through `pg`, in a bundle of its own. */
import { Socket } from 'node:net'
import pg from 'pg'
import { type Database, type DatabaseServer, idleMs } from './database.ts'
import { OpenSockets, untilEnded } from './until-ended.ts'

/** Connects when there is something to do. */
export function openPostgresql(server: DatabaseServer): Database {
  const { host, port, socketPath, database, user, password, tls, connections, timeoutMs } = server
  const sockets = new OpenSockets()
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
    idleTimeoutMillis: idleMs,
    allowExitOnIdle: true,
    application_name: 'claviger',
    stream: () => sockets.add(new Socket()),
  })
  // An idle connection that ends is replaced when there is something to do.
  pool.on('error', () => undefined)
  // So is one in use, whose statement fails by itself.
  pool.on('connect', (client) => client.on('error', () => undefined))
  return {
    run: async ({ sql, parameters }, signal) => {
      const connecting = pool.connect()
      const giveUp = () => {
        connecting.then(
          (late) => late.release(true),
          () => undefined,
        )
      }
      const client = await untilEnded(connecting, { signal, timeoutMs, cancel: giveUp })
      let isBroken = false
      try {
        const query = { text: numberParameters(sql), values: [...parameters], rowMode: 'array' }
        const pending = client.query<unknown[]>(query)
        const leave = () => {
          isBroken = true
        }
        const { rows, rowCount } = await untilEnded(pending, { signal, timeoutMs, cancel: leave })
        return { rows, found: rowCount ?? 0 }
      } catch (thrown) {
        // A refused statement leaves the connection as it was; what the server did not say itself is not to be trusted.
        isBroken ||= !(thrown instanceof pg.DatabaseError)
        throw thrown
      } finally {
        client.release(isBroken)
      }
    },
    close: async () => {
      await pool.end()
      sockets.end()
    },
  }
}

function numberParameters(sql: string): string {
  let count = 0
  return sql.replace(/\?/g, () => `$${++count}`)
}
