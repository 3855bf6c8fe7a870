/** A PostgreSQL of its own, over TLS, with the table of Keep HQ and a user that may use it. */
import { appendFileSync, mkdirSync, readdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
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
  'CREATE TABLE secret ("key" VARCHAR PRIMARY KEY, value VARCHAR NOT NULL, last_updated TIMESTAMP NOT NULL)'
const grant = 'GRANT SELECT, INSERT, UPDATE, DELETE ON secret TO keep'

export interface PostgresqlServer extends PeerServer {
  readonly ask: (sql: string, values?: readonly unknown[]) => Promise<readonly unknown[]>
  /** Beside the proxy. */
  readonly port: number
  readonly folder: string
}

export async function startPostgresql(): Promise<PostgresqlServer> {
  const folder = makeFolder('pg')
  const data = join(folder, 'data')
  mkdirSync(data)
  const port = await findFreePort()
  const { certificate, key, authority } = await makeCertificate(folder)
  if (process.getuid?.() === 0)
    await runCommand({ program: 'chown', args: ['-R', 'postgres:', folder] })
  const program = (name: string, args: readonly string[]) =>
    asUser('postgres', { program: join(binaries(), name), args })
  await runCommand(
    program('initdb', [
      data,
      '-U',
      'postgres',
      '--auth-local=trust',
      '--auth-host=scram-sha-256',
      '--no-sync',
    ]),
  )
  appendFileSync(
    join(data, 'postgresql.conf'),
    `ssl = on\nssl_cert_file = '${certificate}'\nssl_key_file = '${key}'\n`,
  )
  const log = join(folder, 'log')
  writeFileSync(log, '')
  const running = startProgram(
    program('postgres', [
      ...['-D', data, '-k', folder, '-h', '127.0.0.1', '-p', String(port)],
      ...['-c', 'fsync=off', '-c', 'max_connections=30'],
    ]),
    log,
  )
  const admin = new pg.Pool({
    host: folder,
    port,
    user: 'postgres',
    database: 'postgres',
    password: '',
    ssl: false,
  })
  admin.on('error', () => undefined)
  const ask = async (sql: string, values: readonly unknown[] = []) =>
    (await admin.query(sql, [...values])).rows
  await until({
    what: `PostgreSQL: ${endOf(log)}`,
    probe: () => ask('SELECT 1'),
    deadlineMs: 60_000,
  })
  await ask("CREATE ROLE keep WITH LOGIN PASSWORD 'first-password'")
  await ask(table)
  await ask(grant)
  const proxy = await startTcpProxy({ port })
  const passwordPath = join(folder, 'password')
  writeFileSync(passwordPath, 'first-password\n')
  const endSessions = () =>
    ask("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename = 'keep'")
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
    ...{ ask, port, folder },
    settings: new Map([
      ['url', `postgresql://keep@localhost:${proxy.port}/postgres`],
      ['password_path', passwordPath],
      ['ca_cert', authority],
      ['tls', 'verify'],
    ]),
    put: async (path, bytes) => {
      const sql =
        'INSERT INTO secret VALUES ($1, $2, now()) ON CONFLICT ("key") DO UPDATE SET value = $2, last_updated = now()'
      await ask(sql, [path, Buffer.from(bytes).toString('utf8')])
    },
    look: async (path) => {
      const { rows } = await admin.query('SELECT value FROM secret WHERE "key" = $1', [path])
      return rows.length === 0 ? undefined : Buffer.from(String(rows[0].value))
    },
    remove: async (path) => {
      await ask('DELETE FROM secret WHERE "key" = $1', [path])
    },
    faults: new Map([
      ['down', { begin: () => proxy.set('down'), end: () => proxy.set('open') }],
      ['hanging', { begin: () => proxy.set('hanging'), end: () => proxy.set('open') }],
      ['denied', change('REVOKE ALL ON secret FROM keep', grant)],
      [
        'throttled',
        change('ALTER ROLE keep CONNECTION LIMIT 0', 'ALTER ROLE keep CONNECTION LIMIT -1'),
      ],
      [
        'expired',
        {
          begin: async () => {
            await ask("ALTER ROLE keep PASSWORD 'second-password'")
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

/** The programs of the newest version that is installed. */
function binaries(): string {
  const root = '/usr/lib/postgresql'
  const [newest] = readdirSync(root).sort((left, right) => Number(right) - Number(left))
  return join(root, newest ?? '', 'bin')
}
