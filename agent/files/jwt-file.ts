/** The pod's ServiceAccount token. */
import { readFileSync, rmSync } from 'node:fs'
import { AppError, systemCode, toAppError } from '../../core/errors.ts'
import type { AuthConfig } from '../config/agent-config.ts'

/** Reads the JWT anew at each call, since the kubelet replaces it before it expires. Errors: `jwt_unreadable`. */
export function createJwtReader({ jwtPath: path, removeJwt }: AuthConfig): () => string {
  return () => {
    const jwt = readText(path)
    if (jwt === '') throw new AppError('jwt_unreadable', { path, reason: 'the file is empty' })
    if (removeJwt) remove(path)
    return jwt
  }
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8').trim()
  } catch (thrown) {
    throw toAppError(thrown, 'jwt_unreadable', { path })
  }
}

/** A projected token lies on a read-only volume and cannot be removed; nothing is lost by that. */
function remove(path: string): void {
  try {
    rmSync(path)
  } catch (thrown) {
    if (systemCode(thrown) !== 'EROFS') throw toAppError(thrown, 'jwt_unreadable', { path })
  }
}
