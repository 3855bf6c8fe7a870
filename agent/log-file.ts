/** The log file beside standard error. Source: the keys `log_file` and `log_rotate_*` of Vault Agent, and how its 1.21 names files. */
import {
  closeSync,
  fstatSync,
  openSync,
  readdirSync,
  renameSync,
  rmSync,
  statSync,
  writeSync,
} from 'node:fs'
import { basename, dirname, extname, join } from 'node:path'
import type { Clock } from '../core/clock.ts'
import { toAppError } from '../core/errors.ts'
import type { LogConfig } from './config/agent-config.ts'

/** In a directory, which must exist. */
const standardName = 'vault.log'
const mode = 0o640

/**
 * Undefined without `log.file`. The file is appended to; when it is large or old enough it is renamed to
 * `<name>-<nanoseconds since the epoch><extension>`, and the oldest of these beyond `rotateMaxFiles` are removed. What is returned
 * takes whole lines with their line ends; a line that cannot be written is lost there, and never anybody's error.
 * Throws `write_failed` when the file cannot be opened at first.
 */
export function openLogFile(
  log: LogConfig,
  { now }: Pick<Clock, 'now'>,
): ((line: string) => void) | undefined {
  if (log.file === undefined) return undefined
  const path = locate(log.file)
  try {
    const file = new RotatingFile(path, log, now)
    return (line) => file.write(line)
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
}

function locate(path: string): string {
  const isDirectory =
    path.endsWith('/') || statSync(path, { throwIfNoEntry: false })?.isDirectory() === true
  return isDirectory ? join(path, standardName) : path
}

class RotatingFile {
  readonly #path: string
  readonly #log: LogConfig
  readonly #now: () => number
  #descriptor: number | undefined
  #bytes = 0
  #openedAt = 0
  /** Of the last archive: two of one millisecond need two names. */
  #stamp = 0n

  constructor(path: string, log: LogConfig, now: () => number) {
    this.#path = path
    this.#log = log
    this.#now = now
    this.#open()
  }

  write(line: string): void {
    try {
      if (this.#isDue()) this.#rotate()
      const descriptor = this.#descriptor ?? this.#open()
      this.#bytes += writeSync(descriptor, line)
    } catch {
      // A full disk must not end the agent; the line stands on standard error too.
    }
  }

  #close(): void {
    const descriptor = this.#descriptor
    this.#descriptor = undefined
    if (descriptor !== undefined) closeSync(descriptor)
  }

  #open(): number {
    const descriptor = openSync(this.#path, 'a', mode)
    this.#descriptor = descriptor
    this.#bytes = fstatSync(descriptor).size
    this.#openedAt = this.#now()
    return descriptor
  }

  #isDue(): boolean {
    const { rotateBytes, rotateMs } = this.#log
    if (this.#bytes === 0) return false
    const isLarge = rotateBytes > 0 && this.#bytes >= rotateBytes
    return isLarge || this.#now() - this.#openedAt >= rotateMs
  }

  #rotate(): void {
    this.#close()
    const extension = extname(this.#path)
    const stem = this.#path.slice(0, this.#path.length - extension.length)
    const stamp = BigInt(Math.trunc(this.#now())) * 1_000_000n
    this.#stamp = stamp > this.#stamp ? stamp : this.#stamp + 1n
    try {
      renameSync(this.#path, `${stem}-${this.#stamp}${extension}`)
    } catch {
      // Rather a file that grows than none.
    }
    this.#open()
    this.#prune(basename(stem), extension)
  }

  #prune(stem: string, extension: string): void {
    const { rotateMaxFiles } = this.#log
    if (rotateMaxFiles === 0) return
    const directory = dirname(this.#path)
    const archives = readdirSync(directory)
      .filter((name) => {
        const stamp = name.slice(stem.length + 1, name.length - extension.length)
        return name === `${stem}-${stamp}${extension}` && /^\d+$/.test(stamp)
      })
      .toSorted()
    const excess = archives.length - Math.max(0, rotateMaxFiles)
    for (const name of archives.slice(0, Math.max(0, excess))) rmSync(join(directory, name))
  }
}
