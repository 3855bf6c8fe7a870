/** Files of the data directory: readable by their owner alone, each written whole. */
import { mkdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { replaceFile } from '../../core/atomic-write.ts'
import { systemCode, toAppError } from '../../core/errors.ts'

/** Errors: `write_failed`. */
export function makeDirectory(path: string): void {
  try {
    mkdirSync(path, { recursive: true, mode: 0o700 })
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
}

/** Undefined when there is no such file. Errors: `input_invalid`. */
export function readText(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    if (systemCode(thrown) === 'ENOENT') return undefined
    throw toAppError(thrown, 'input_invalid', { path })
  }
}

/** Mode 0600; a reader sees the old text or the new one. Errors: `write_failed`. */
export function writeText(path: string, text: string): void {
  makeDirectory(dirname(path))
  try {
    replaceFile(path, Buffer.from(text), 0o600)
  } catch (thrown) {
    throw toAppError(thrown, 'write_failed', { path })
  }
}
