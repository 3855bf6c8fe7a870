/** What servers of the tests need of the machine: a folder, a user that is not root, certificates. */
import { type ChildProcess, spawn } from 'node:child_process'
import { once } from 'node:events'
import { chmodSync, mkdtempSync, openSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Command, runCommand } from '../../../commands.ts'

/** Short, because the path of a Unix socket may have 107 bytes; others may pass, as a server that refuses to be root must. */
export function makeFolder(name: string): string {
  const folder = mkdtempSync(join(tmpdir(), `claviger-${name}-`))
  chmodSync(folder, 0o755)
  return folder
}

/** The command as `user`, where this process is root. */
export function asUser(user: string, { program, args, ...rest }: Command): Command {
  if (process.getuid?.() !== 0) return { program, args, ...rest }
  const become = ['--reuid', user, '--regid', user, '--init-groups', '--', program, ...args]
  return { program: 'setpriv', args: become, directory: '/', ...rest }
}

export interface Running {
  readonly stop: () => Promise<void>
}

/** Runs until `stop`, and ends with this process; what it prints is in `log`. */
export function startProgram({ program, args }: Command, log: string): Running {
  const output = openSync(log, 'a')
  const child = spawn(program, [...args], { cwd: '/', stdio: ['ignore', output, output] })
  const end = () => child.kill('SIGKILL')
  process.on('exit', end)
  return {
    stop: async () => {
      process.off('exit', end)
      await stop(child)
    },
  }
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  child.kill('SIGKILL')
  await once(child, 'exit')
}

/** The end of what a program printed, for the message of a test that waits in vain. */
export function endOf(log: string): string {
  return readFileSync(log, 'utf8').slice(-2000)
}

export interface Certificate {
  readonly certificate: string
  readonly key: string
  /** Its own authority. */
  readonly authority: string
}

/** Below `folder`. `names` is a list of openssl's. */
export async function makeCertificate(
  folder: string,
  names = 'DNS:localhost',
): Promise<Certificate> {
  const [certificate, key] = [join(folder, 'server.crt'), join(folder, 'server.key')]
  await runCommand({
    program: 'openssl',
    args: [
      ...['req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes'],
      ...['-subj', '/CN=localhost', '-addext', `subjectAltName=${names}`, '-days', '2'],
      ...['-keyout', key, '-out', certificate],
    ],
  })
  return { certificate, key, authority: certificate }
}

export function removeFolder(folder: string): void {
  rmSync(folder, { recursive: true, force: true })
}
