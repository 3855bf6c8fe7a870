/** MySQL and MariaDB through `mysql2`, in a bundle of its own. */
import { connect, isIP, type Socket } from 'node:net'
import { createPool, type PoolConnection, type PoolOptions } from 'mysql2/promise'
import { type Database, type DatabaseServer, idleMs, type Statement } from './database.ts'
import { OpenSockets, untilEnded } from './until-ended.ts'

/** Times are UTC, and what does not fit into a column is refused instead of cut off. */
const session = "SET time_zone = '+00:00', sql_mode = CONCAT(@@sql_mode, ',STRICT_ALL_TABLES')"

/** Connects when there is something to do. */
export function openMysql(server: DatabaseServer): Database {
  const { connections, timeoutMs } = server
  const sockets = new OpenSockets()
  const prepared = new WeakSet<object>()
  const pool = createPool({
    ...connectionOptions(server),
    stream: () => sockets.add(dial(server)),
    connectionLimit: connections,
    // More wait for their turn, as long as the caller does.
    waitForConnections: true,
    idleTimeout: idleMs,
    maxIdle: connections,
  })
  return {
    run: async (statement, signal) => {
      const connecting = pool.getConnection()
      const giveUp = () => {
        connecting.then(
          (late) => late.destroy(),
          () => undefined,
        )
      }
      const connection = await untilEnded(connecting, { signal, timeoutMs, cancel: giveUp })
      let isBroken = false
      try {
        const leave = () => {
          isBroken = true
          connection.destroy()
        }
        const pending = execute(connection, statement, prepared)
        const result = await untilEnded(pending, { signal, timeoutMs, cancel: leave })
        return readResult(result)
      } catch (thrown) {
        isBroken ||= isFatal(thrown)
        throw thrown
      } finally {
        if (isBroken) connection.destroy()
        else connection.release()
      }
    },
    close: async () => {
      await pool.end()
      sockets.end()
    },
  }
}

/**
 * mysql2 verifies by the name of the host. Of an address it says nothing, and Node then verifies by the name that the socket has
 * looked up, which for an address is none, and at last by `localhost`: here it is told the address, for which the certificate has to be.
 */
function dial({ host, port, socketPath }: DatabaseServer): Socket {
  if (socketPath !== undefined) return connect({ path: socketPath })
  const socket = connect({ host, port })
  return isIP(host) === 0 ? socket : Object.assign(socket, { _host: host })
}

/** `prepared`: connections whose session is as it must be. */
async function execute(
  connection: PoolConnection,
  { sql, parameters }: Statement,
  prepared: WeakSet<object>,
): Promise<unknown> {
  if (!prepared.has(connection.connection)) {
    await connection.query(session)
    prepared.add(connection.connection)
  }
  const [result] = await connection.execute({ sql, values: [...parameters], rowsAsArray: true })
  return result
}

function connectionOptions(server: DatabaseServer): PoolOptions {
  const { host, port, socketPath, database, user, password, tls, timeoutMs } = server
  const verified = { rejectUnauthorized: true, verifyIdentity: true, minVersion: 'TLSv1.2' }
  return {
    ...(socketPath === undefined ? { host, port } : { socketPath }),
    ...{ database, user, password },
    ...(tls === undefined ? {} : { ssl: { ...tls, ...verified } }),
    connectTimeout: timeoutMs,
    charset: 'utf8mb4',
    dateStrings: true,
    maxPreparedStatements: 50,
    // Readers of rows are otherwise made by evaluating a text.
    disableEval: true,
    // A server must not ask for files of ours.
    flags: ['-LOCAL_FILES'],
  }
}

/** Rows of a SELECT, else an account of what was changed. */
function readResult(result: unknown) {
  if (Array.isArray(result)) return { rows: result, found: result.length }
  const isAccount = typeof result === 'object' && result !== null && 'affectedRows' in result
  return { rows: [], found: isAccount ? Number(result.affectedRows) : 0 }
}

/** Whether the connection is of no use any more. */
function isFatal(thrown: unknown): boolean {
  return typeof thrown === 'object' && thrown !== null && 'fatal' in thrown && thrown.fatal === true
}
