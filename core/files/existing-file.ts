/** What has the name that a file is to have. */
import { constants, fstatSync, lstatSync, openSync, readFileSync, type Stats } from 'node:fs'
import { AppError, systemCode } from '../errors.ts'
import { closeQuietly, type HeldDirectory } from './directory.ts'
import { giveTo, type Owner } from './owner.ts'

export interface ExistingFile {
  readonly status: Stats
  /** False for a file that may not be read. */
  readonly holds: (bytes: Uint8Array) => boolean
  /** Undefined ids stay as they are; a file with other names is left alone. System errors as they are. */
  readonly giveTo: (owner: Owner) => void
}

/**
 * Calls `use` with the file of that name; with undefined where there is none, or a link, which is replaced and never followed.
 * Errors: `write_failed` for anything else, which is not replaced.
 */
export function withExisting<T>(
  directory: HeldDirectory,
  name: string,
  use: (existing: ExistingFile | undefined) => T,
): T {
  const status = lstatSync(directory.at(name), { throwIfNoEntry: false })
  if (status === undefined || status.isSymbolicLink()) return use(undefined)
  if (!status.isFile()) {
    const reason = status.isDirectory() ? 'is a directory' : 'is not a regular file'
    throw new AppError('write_failed', { reason })
  }
  const file = openReadable(directory.at(name))
  if (file === undefined) return use({ status, holds: () => false, giveTo: () => undefined })
  try {
    return use(describe(file))
  } finally {
    closeQuietly(file)
  }
}

/** Undefined where it cannot be opened to read, or is gone or a link since it was looked at. */
function openReadable(place: string): number | undefined {
  const { O_NOFOLLOW, O_NONBLOCK, O_RDONLY } = constants
  try {
    return openSync(place, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
  } catch (thrown) {
    if (unreadable.has(systemCode(thrown))) return undefined
    throw thrown
  }
}

const unreadable = new Set<string | undefined>(['EACCES', 'EPERM', 'ELOOP', 'ENOENT'])

function describe(file: number): ExistingFile {
  const status = fstatSync(file)
  return {
    status,
    holds: (bytes) =>
      status.isFile() && status.size === bytes.length && readFileSync(file).equals(bytes),
    giveTo: (owner) => {
      if (status.nlink === 1) giveTo(file, owner)
    },
  }
}
