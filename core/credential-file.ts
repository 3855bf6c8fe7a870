/** Files that hold what the agent logs in with. */
import { readFileSync, realpathSync, statSync, unlinkSync } from 'node:fs'
import { AppError, type ErrorCode, systemCode, toAppError } from './errors.ts'
import type { Logger } from './log.ts'

/** The text as it is; undefined where there is none yet: no file, an empty one. Errors: `code` with the path. */
export function readCredential(
  path: string,
  code: ErrorCode = 'credentials_unavailable',
): string | undefined {
  try {
    return readFileSync(path, 'utf8') || undefined
  } catch (thrown) {
    if (missing.has(systemCode(thrown))) return undefined
    throw toAppError(thrown, code, { path })
  }
}

const missing = new Set<string | undefined>(['ENOENT', 'ENOTDIR'])

/** Without the white space around it; blank is as good as nothing. */
export function readTrimmed(path: string, code?: ErrorCode): string | undefined {
  return readCredential(path, code)?.trim() || undefined
}

/** The text, trimmed. Errors: `code` with the path. */
export function requireTrimmed(path: string, code: ErrorCode): string {
  try {
    const text = readFileSync(path, 'utf8').trim()
    if (text !== '') return text
  } catch (thrown) {
    throw toAppError(thrown, code, { path })
  }
  throw new AppError(code, { path, reason: 'the file is empty' })
}

export interface Removal {
  readonly path: string
  /** Whether a link's target is removed instead of the link. */
  readonly followLinks: boolean
}

/** A projected file lies on a read-only volume and cannot be removed: that is worth a line in the log, and no login. */
export function removeCredential({ path, followLinks }: Removal, logger: Logger): void {
  try {
    unlinkSync(followLinks ? realpathSync(path) : path)
  } catch (thrown) {
    const cause = systemCode(thrown)
    if (cause === 'ENOENT') return
    const log = cause === 'EROFS' ? logger.debug : logger.warn
    log('credentials not removed after reading', { path, cause })
  }
}

/** Changes when another file, or another text, is there; undefined while there is none. */
export function fingerprintFile(path: string): string | undefined {
  try {
    const { dev, ino, mtimeNs, size } = statSync(path, { bigint: true })
    return `${dev}:${ino}:${mtimeNs}:${size}`
  } catch {
    return undefined
  }
}
