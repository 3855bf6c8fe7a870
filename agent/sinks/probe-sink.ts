/** Whether a sink can be written, found out before anything is asked of the store. */
import { dirname } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import { stageFile } from '../../core/files/staged-file.ts'
import { openForWriting } from '../../core/files/strays.ts'
import type { SinkConfig } from '../config/sink-config.ts'

/** Makes an empty file beside the sink's and removes it. Errors: `write_failed` with the path. Source: Vault's file sink. */
export function probeSink({ path, mode }: SinkConfig): void {
  try {
    const directory = openForWriting(dirname(path), false)
    try {
      const owner = { uid: undefined, gid: undefined }
      stageFile(directory, Buffer.alloc(0), { mode, owner, heir: undefined }).discard()
    } finally {
      directory.close()
    }
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
}
