/** A file that is whole before it has its name. */
import { randomBytes } from 'node:crypto'
import {
  closeSync,
  constants,
  fchmodSync,
  fsyncSync,
  linkSync,
  openSync,
  renameSync,
  symlinkSync,
  unlinkSync,
  writeFileSync,
} from 'node:fs'
import type { HeldDirectory } from './directory.ts'
import { giveTo, type Owner, tryToGive } from './owner.ts'

export interface Attributes {
  readonly mode: number
  /** Insisted on. */
  readonly owner: Owner
  /** Given where the system allows it: the owner of the file that is replaced. */
  readonly heir: Owner | undefined
}

export interface StagedFile {
  /** Takes the place of whatever has that name but a directory; nothing is left behind when that fails. */
  readonly commit: (name: string) => void
  readonly discard: () => void
}

/** Whether a file of that name is one that never got its own. */
export function isTemporary(name: string): boolean {
  return /^\.claviger-[0-9a-f]{16}$/.test(name)
}

function temporaryName(): string {
  return `.claviger-${randomBytes(8).toString('hex')}`
}

/** Owner and mode are set before the first byte is written, and all is on the disk before this returns. System errors as they are. */
export function stageFile(
  directory: HeldDirectory,
  bytes: Uint8Array,
  attributes: Attributes,
): StagedFile {
  const { O_CREAT, O_EXCL, O_NOFOLLOW, O_WRONLY } = constants
  const name = temporaryName()
  const file = openSync(directory.at(name), O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, 0o600)
  const staged = createStaged(directory, name)
  try {
    try {
      fill(file, bytes, attributes)
    } finally {
      closeSync(file)
    }
  } catch (thrown) {
    staged.discard()
    throw thrown
  }
  return staged
}

/** A symbolic link to `target`. */
export function stageLink(directory: HeldDirectory, target: string): StagedFile {
  const name = temporaryName()
  symlinkSync(target, directory.at(name))
  return createStaged(directory, name)
}

/** A second name of the file `existing`; a rename over another name of the same file does nothing (rename(2)), so discard it in any case. */
export function stageCopy(directory: HeldDirectory, existing: string): StagedFile {
  const name = temporaryName()
  linkSync(directory.at(existing), directory.at(name))
  return createStaged(directory, name)
}

function fill(file: number, bytes: Uint8Array, { mode, owner, heir }: Attributes): void {
  if (heir !== undefined) tryToGive(file, heir)
  giveTo(file, owner)
  fchmodSync(file, mode)
  writeFileSync(file, bytes)
  fsyncSync(file)
}

function createStaged(directory: HeldDirectory, name: string): StagedFile {
  const discard = () => removeEntry(directory, name)
  return {
    discard,
    commit: (target) => {
      try {
        renameSync(directory.at(name), directory.at(target))
      } catch (thrown) {
        discard()
        throw thrown
      }
    },
  }
}

/** What cannot be removed is in nobody's way. */
export function removeEntry(directory: HeldDirectory, name: string): void {
  try {
    unlinkSync(directory.at(name))
  } catch {
    return
  }
}
