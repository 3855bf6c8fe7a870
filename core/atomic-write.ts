/** Files that are always whole: written beside their destination with their final mode, then renamed over it. Synchronous: who writes them has nothing else to do meanwhile. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  lstatSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs'
import { dirname, join } from 'node:path'
import { toAppError } from './errors.ts'

export interface WriteOptions {
  /** Undefined: the mode of the existing file, else 0644. */
  readonly mode: number | undefined
  /** Makes missing parents with 0755. */
  readonly createDirectories: boolean
}

/**
 * True when `path` did not hold `bytes` and now does; equal bytes are left alone. A link at `path` is replaced, never
 * followed. Errors: `write_failed`.
 */
export function writeFileIfChanged(
  path: string,
  bytes: Uint8Array,
  options: WriteOptions,
): boolean {
  try {
    const existing = statFile(path)
    if (existing?.isFile() === true && readFileSync(path).equals(bytes)) return false
    if (options.createDirectories) mkdirSync(dirname(path), { recursive: true, mode: 0o755 })
    const mode = options.mode ?? (existing?.isFile() === true ? existing.mode & 0o7777 : 0o644)
    replaceFile(path, bytes, mode)
    return true
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
}

/** The mode is set before the first byte is written; nothing partial is left behind by a failure. */
export function replaceFile(path: string, bytes: Uint8Array, mode: number): void {
  const temporary = join(dirname(path), `.claviger-${randomBytes(8).toString('hex')}`)
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
  const file = openSync(temporary, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  try {
    fchmodSync(file, mode)
    writeFileSync(file, bytes)
    fsyncSync(file)
    renameSync(temporary, path)
  } catch (thrown) {
    rmSync(temporary, { force: true })
    throw thrown
  } finally {
    closeSync(file)
  }
}

function statFile(path: string) {
  return lstatSync(path, { throwIfNoEntry: false })
}
