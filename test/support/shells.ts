/** The POSIX shells of this machine, and what they make of a file that is sourced. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

export interface Shell {
  readonly name: string
  readonly command: readonly string[]
  /** The words that source a file. POSIX has `.` alone. */
  readonly sourcing: readonly ('.' | 'source')[]
}

/** `/bin/sh` must be there; of the others what is missing is reported as skipped by its test. */
export const shells: readonly Shell[] = [
  { name: 'sh', command: ['/bin/sh'], sourcing: ['.'] },
  { name: 'dash', command: ['dash'], sourcing: ['.'] },
  { name: 'bash', command: ['bash', '--norc'], sourcing: ['.', 'source'] },
  { name: 'bash as sh', command: ['bash', '--norc', '--posix'], sourcing: ['.', 'source'] },
  { name: 'busybox sh', command: ['busybox', 'sh'], sourcing: ['.', 'source'] },
]

export function isInstalled({ command: [program = '', ...words] }: Shell): boolean {
  return spawnSync(program, [...words, '-c', ':']).status === 0
}

export interface Sourcing {
  readonly status: number | null
  /** The environment of a program that the shell started afterwards, values as byte strings. */
  readonly variables: ReadonlyMap<string, string>
  /** Names of files that running a value left behind. */
  readonly left: readonly string[]
}

/** Sources the bytes with an otherwise nearly empty environment, in an empty folder. */
export function sourceWith(shell: Shell, word: string, bytes: Uint8Array): Sourcing {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-shell-'))
  const file = `${folder}.env`
  try {
    writeFileSync(file, bytes)
    const [program = '', ...words] = shell.command
    const script = `${word} "${file}" || exit 9; exec env -0`
    const { status, stdout } = spawnSync(program, [...words, '-c', script], {
      cwd: folder,
      // With a socket for its input bash takes itself for rshd's and reads .bashrc.
      stdio: ['ignore', 'pipe', 'ignore'],
      env: { PATH: process.env['PATH'] ?? '/bin:/usr/bin' },
    })
    const variables = stdout
      .toString('latin1')
      .split('\0')
      .filter((entry) => entry !== '')
      .map((entry) => [entry.split('=', 1)[0] ?? '', entry.slice(entry.indexOf('=') + 1)] as const)
    return { status, variables: new Map(variables), left: readdirSync(folder) }
  } finally {
    rmSync(folder, { recursive: true })
    rmSync(file, { force: true })
  }
}
