/** A MariaDB of its own, over TLS, with the table of Keep HQ and a user that may use it. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { createPool, type RowDataPacket } from 'mysql2/promise'
import type { PeerServer } from '../../../../support/stores/server-peer.ts'
import { findFreePort, startTcpProxy } from '../../../../support/stores/tcp-proxy.ts'
import { runCommand } from '../../../commands.ts'
import { until } from '../../../polling.ts'
import {
  asUser,
  endOf,
  makeCertificate,
  makeFolder,
  removeFolder,
  startProgram,
} from './machine.ts'

const table =
  'CREATE TABLE secret (`key` VARCHAR(255) NOT NULL PRIMARY KEY, value LONGTEXT NOT NULL, last_updated DATETIME NOT NULL) CHARACTER SET utf8mb4'
const user = "'keep'@'%'"
const grant = `GRANT SELECT, INSERT, UPDATE, DELETE ON keep.secret TO ${user}`

export interface MariadbServer extends PeerServer {
  /** Rows as objects; of what is no SELECT none. */
  readonly ask: (sql: string, values?: readonly string[]) => Promise<readonly RowDataPacket[]>
  readonly folder: string
}

export async function startMariadb(): Promise<MariadbServer> {
  const folder = makeFolder('my')
  const data = join(folder, 'data')
  mkdirSync(data)
  const port = await findFreePort()
  const { certificate, key, authority } = await makeCertificate(
    folder,
    'DNS:localhost,IP:127.0.0.1',
  )
  if (process.getuid?.() === 0)
    await runCommand({ program: 'chown', args: ['-R', 'mysql:', folder] })
  await runCommand(
    asUser('mysql', {
      program: 'mariadb-install-db',
      args: [
        '--no-defaults',
        `--datadir=${data}`,
        '--auth-root-authentication-method=normal',
        '--skip-test-db',
        '--user=mysql',
      ],
    }),
  )
  const log = join(folder, 'log')
  writeFileSync(log, '')
  const socket = join(folder, 'socket')
  const running = startProgram(
    asUser('mysql', {
      program: 'mariadbd',
      args: [
        ...['--no-defaults', `--datadir=${data}`, `--socket=${socket}`, '--bind-address=127.0.0.1'],
        ...[`--port=${port}`, `--ssl-cert=${certificate}`, `--ssl-key=${key}`, '--skip-log-bin'],
        ...[
          '--innodb-flush-log-at-trx-commit=0',
          '--innodb-buffer-pool-size=32M',
          '--skip-name-resolve',
        ],
        // Of the session of whoever forgets to say what its times are.
        '--default-time-zone=+05:30',
      ],
    }),
    log,
  )
  const admin = createPool({
    socketPath: socket,
    user: 'root',
    database: 'mysql',
    dateStrings: true,
  })
  const ask = async (sql: string, values: readonly string[] = []) => {
    const [rows] = await admin.query<RowDataPacket[]>(sql, [...values])
    return Array.isArray(rows) ? rows : []
  }
  await until({ what: `MariaDB: ${endOf(log)}`, probe: () => ask('SELECT 1'), deadlineMs: 60_000 })
  await ask('CREATE DATABASE keep')
  await ask(table.replace('TABLE secret', 'TABLE keep.secret'))
  await ask(`CREATE USER ${user} IDENTIFIED BY 'first-password' REQUIRE SSL`)
  await ask(grant)
  const proxy = await startTcpProxy({ port })
  const passwordPath = join(folder, 'password')
  writeFileSync(passwordPath, 'first-password\n')
  const endSessions = () => ask(`KILL USER ${user}`)
  const change = (begin: string, end: string) => ({
    begin: async () => {
      await ask(begin)
      await endSessions()
    },
    end: async () => {
      await ask(end)
    },
  })
  return {
    ...{ ask, folder },
    settings: new Map([
      ['url', `mariadb://keep@localhost:${proxy.port}/keep`],
      ['password_path', passwordPath],
      ['ca_cert', authority],
      ['tls', 'verify'],
    ]),
    put: async (path, bytes) => {
      await ask('REPLACE INTO keep.secret VALUES (?, ?, UTC_TIMESTAMP())', [
        path,
        Buffer.from(bytes).toString('utf8'),
      ])
    },
    look: async (path) => {
      const [row] = await ask('SELECT value FROM keep.secret WHERE BINARY `key` = ?', [path])
      return row === undefined ? undefined : Buffer.from(String(row['value']))
    },
    remove: async (path) => {
      await ask('DELETE FROM keep.secret WHERE `key` = ?', [path])
    },
    faults: new Map([
      ['down', { begin: () => proxy.set('down'), end: () => proxy.set('open') }],
      ['hanging', { begin: () => proxy.set('hanging'), end: () => proxy.set('open') }],
      ['denied', change(`REVOKE ALL PRIVILEGES, GRANT OPTION FROM ${user}`, grant)],
      [
        'expired',
        {
          begin: async () => {
            await ask(`ALTER USER ${user} IDENTIFIED BY 'second-password'`)
            writeFileSync(passwordPath, 'second-password\n')
            await endSessions()
          },
          end: () => undefined,
        },
      ],
    ]),
    stop: async () => {
      await proxy.stop()
      await admin.end()
      await running.stop()
      removeFolder(folder)
    },
  }
}
