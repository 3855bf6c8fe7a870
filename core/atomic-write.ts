/**
 * Files that are always whole: written beside their destination with their final owner and mode, then renamed over it, in
 * directories that are held open meanwhile. Synchronous: who writes them has nothing else to do.
 */
import { basename, dirname } from 'node:path'
import { prepareWrite, type WriteOptions } from './files/prepared-write.ts'
import { stageFile } from './files/staged-file.ts'
import { openForWriting } from './files/strays.ts'

export type { WriteOptions }

/**
 * True when `path` did not hold `bytes` and now does; equal bytes are left alone. A link at `path` is replaced, never
 * followed, and one on the way to it only where nobody else could have put it there (core/files/directory.ts). A directory,
 * socket or pipe at `path` is not replaced. Errors: `write_failed`.
 */
export function writeFileIfChanged(
  path: string,
  bytes: Uint8Array,
  options: WriteOptions,
): boolean {
  const prepared = prepareWrite({ path, bytes, options })
  prepared?.commit()
  return prepared !== undefined
}

/** As `writeFileIfChanged`, whatever is there. System errors as they are. */
export function replaceFile(path: string, bytes: Uint8Array, mode: number): void {
  const directory = openForWriting(dirname(path), false)
  try {
    const owner = { uid: undefined, gid: undefined }
    stageFile(directory, bytes, { mode, owner, heir: undefined }).commit(basename(path))
    directory.sync()
  } finally {
    directory.close()
  }
}
