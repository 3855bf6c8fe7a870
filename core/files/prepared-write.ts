/** One file to be written, up to the moment in which it takes its name. */
import { basename, dirname } from 'node:path'
import { AppError, toAppError } from '../errors.ts'
import type { HeldDirectory } from './directory.ts'
import { type ExistingFile, withExisting } from './existing-file.ts'
import { findOwner } from './owner.ts'
import { type Attributes, type StagedFile, stageCopy, stageFile } from './staged-file.ts'
import { openForWriting } from './strays.ts'

export interface WriteOptions {
  /** Undefined: the mode of the existing file, else 0644. */
  readonly mode: number | undefined
  /** Makes missing parents with 0755. */
  readonly createDirectories: boolean
  /** Name or number; undefined: those of the existing file where the system allows it, else the process's own. */
  readonly user?: string | undefined
  readonly group?: string | undefined
  /** Keeps the file that is replaced beside it, with `.bak` after its name. */
  readonly backup?: boolean
}

export interface FileContent {
  readonly path: string
  readonly bytes: Uint8Array
  readonly options: WriteOptions
}

export interface PreparedWrite {
  /** One rename. Errors: `write_failed`. */
  readonly commit: () => void
  readonly discard: () => void
}

/** Undefined where the file holds the bytes already; its owner is mended then. Errors: `write_failed` with the path. */
export function prepareWrite({ path, bytes, options }: FileContent): PreparedWrite | undefined {
  return named(path, () => {
    const directory = openForWriting(dirname(path), options.createDirectories)
    try {
      const staged = stageUnlessEqual(directory, basename(path), { bytes, options })
      if (staged === undefined) directory.close()
      return staged === undefined ? undefined : prepared(path, directory, staged)
    } catch (thrown) {
      directory.close()
      throw thrown
    }
  })
}

function prepared(path: string, directory: HeldDirectory, staged: StagedFile): PreparedWrite {
  return {
    commit: () =>
      named(path, () => {
        try {
          staged.commit(basename(path))
          directory.sync()
        } finally {
          directory.close()
        }
      }),
    discard: () => {
      staged.discard()
      directory.close()
    },
  }
}

/** The bytes beside the file `name` of `directory`, with the attributes that it is to have; undefined where it holds them. */
function stageUnlessEqual(
  directory: HeldDirectory,
  name: string,
  { bytes, options }: Omit<FileContent, 'path'>,
): StagedFile | undefined {
  const owner = findOwner(options.user, options.group)
  return withExisting(directory, name, (existing) => {
    if (existing?.holds(bytes) === true) {
      existing.giveTo(owner)
      return undefined
    }
    const staged = stageFile(directory, bytes, attributesOf(existing, options))
    return options.backup === true && existing !== undefined
      ? withBackup(directory, staged)
      : staged
  })
}

export function attributesOf(
  existing: ExistingFile | undefined,
  { mode, user, group }: WriteOptions,
): Attributes {
  const status = existing?.status
  return {
    mode: mode ?? (status === undefined ? 0o644 : status.mode & 0o777),
    owner: findOwner(user, group),
    heir: status,
  }
}

/** The old file has its second name before it loses the first. Source: the `backup` of consul-template's renderer. */
function withBackup(directory: HeldDirectory, staged: StagedFile): StagedFile {
  return {
    discard: staged.discard,
    commit: (name) => {
      try {
        const copy = stageCopy(directory, name)
        try {
          copy.commit(`${name}.bak`)
        } finally {
          copy.discard()
        }
      } catch (thrown) {
        staged.discard()
        throw thrown
      }
      staged.commit(name)
    },
  }
}

/** The result of `work`, its errors with the path. */
export function named<T>(path: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (thrown instanceof AppError)
      throw new AppError(thrown.code, { ...thrown.facts, path }, { cause: thrown })
    throw toAppError(thrown, 'write_failed', { path })
  }
}
