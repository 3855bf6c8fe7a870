/** The file with the public key of a sink's reader, `dh_path`. */
import { readFileSync } from 'node:fs'
import { AppError, systemCode } from '../../core/errors.ts'
import { tryParseJson } from '../../core/json.ts'

/** 32 bytes. Errors: `input_invalid` with the path. */
export function readReaderKey(path: string): Uint8Array {
  const text = readText(path)
  const bytes = Buffer.from(parseKey(text) ?? '', 'base64')
  if (bytes.length === 32) return bytes
  const reason = 'not JSON with a curve25519_public_key of 32 bytes in base64'
  throw new AppError('input_invalid', { path, reason })
}

function readText(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    const cause = systemCode(thrown) ?? 'unreadable'
    throw new AppError('input_invalid', { path, cause })
  }
}

function parseKey(text: string): string | undefined {
  const parsed = tryParseJson(text)
  const key = parsed instanceof Map ? parsed.get('curve25519_public_key') : undefined
  return typeof key === 'string' ? key : undefined
}
