/** A PostgreSQL for the users that Vault makes: data in a directory of the run, passwords over TCP, the superuser over a socket. */
import { appendFileSync, chmodSync, mkdirSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Processes } from '../cluster/processes.ts'
import { type Command, runCommand } from '../commands.ts'
import { until } from '../polling.ts'
import { network, paths, postgresql } from '../settings.ts'

/** Vault logs in as this user, which may make others. */
export const administrator = { name: 'vault', password: 'vault-of-the-suite' } as const

const data = join(paths.postgresql, 'data')

export async function startPostgresql(processes: Processes, signal: AbortSignal): Promise<void> {
  rmSync(paths.postgresql, { recursive: true, force: true })
  mkdirSync(paths.postgresql, { recursive: true })
  // Others may pass, but see nothing: the server refuses to run as root.
  chmodSync(paths.state, 0o711)
  await runCommand({ program: 'chown', args: ['postgres:', paths.postgresql] })
  await runCommand(asPostgres('initdb', [data, '--auth-local=peer', '--auth-host=scram-sha-256']))
  allowNode()
  const { program, args } = asPostgres('postgres', [
    ...['-D', data, '-k', paths.postgresql, '-h', postgresql.host, '-p', postgresql.port],
    ...['-c', 'fsync=off'],
  ])
  processes.start({ name: 'postgresql', program, args })
  await until({
    what: 'PostgreSQL',
    signal,
    probe: async () => {
      processes.check()
      await askPostgresql('SELECT 1')
      return true
    },
  })
  const { name, password } = administrator
  await askPostgresql(`CREATE ROLE ${name} WITH LOGIN CREATEROLE PASSWORD '${password}'`)
}

/** From now on pods may connect, over TLS with this certificate and with their passwords. */
export async function admitPods({
  cert,
  key,
}: {
  readonly cert: string
  readonly key: string
}): Promise<void> {
  const files = {
    cert: join(paths.postgresql, 'server.crt'),
    key: join(paths.postgresql, 'server.key'),
  }
  writeFileSync(files.cert, cert)
  writeFileSync(files.key, key, { mode: 0o600 })
  await runCommand({ program: 'chown', args: ['postgres:', files.cert, files.key] })
  appendFileSync(join(data, 'pg_hba.conf'), `hostssl all all ${network.podRange} scram-sha-256\n`)
  await askPostgresql(`ALTER SYSTEM SET ssl_cert_file = '${files.cert}'`)
  await askPostgresql(`ALTER SYSTEM SET ssl_key_file = '${files.key}'`)
  await askPostgresql('ALTER SYSTEM SET ssl = on')
  await askPostgresql('SELECT pg_reload_conf()')
}

/** The rows of an answer to the superuser, one a line. */
export function askPostgresql(query: string): Promise<string> {
  return runCommand(
    asPostgres('psql', [
      ...['--host', paths.postgresql, '--port', postgresql.port, '--dbname', 'postgres'],
      ...['--no-psqlrc', '--tuples-only', '--no-align', '--command', query],
    ]),
  )
}

/** Logs in as an application does. Rejects when it cannot. */
export async function logInToPostgresql(user: string, password: string): Promise<void> {
  await runCommand({
    program: join(binaries(), 'psql'),
    args: [
      ...['--host', postgresql.host, '--port', postgresql.port, '--dbname', 'postgres'],
      ...['--no-psqlrc', '--username', user, '--no-password', '--command', 'SELECT 1'],
    ],
    environment: { PGPASSWORD: password },
  })
}

/** Connections from this machine's address on the bridge, which is where Vault and the tests are. */
function allowNode(): void {
  const rule = `host all all ${postgresql.host}/32 scram-sha-256`
  appendFileSync(join(data, 'pg_hba.conf'), `${rule}\n`)
}

function asPostgres(name: string, args: readonly string[]): Command {
  const user = ['--reuid', 'postgres', '--regid', 'postgres', '--init-groups']
  return {
    program: 'setpriv',
    args: [...user, '--', join(binaries(), name), ...args],
    directory: '/',
  }
}

/** The programs of the newest version that is installed. */
function binaries(): string {
  const root = '/usr/lib/postgresql'
  const [newest] = readdirSync(root).sort((left, right) => Number(right) - Number(left))
  return join(root, newest ?? '', 'bin')
}
