/** The configuration that travels in the environment variable VAULT_CONFIG. */
import { AppError } from '../../core/errors.ts'

/** A pod's annotations, from which it is made, are at most 256 KiB; what claims more is no configuration. */
const longest = 4 * 1024 * 1024

/** Base64 of JSON, compressed where the webhook found it too long for a variable. Throws `config_invalid`. */
export async function decodeConfig(encoded: string): Promise<string> {
  const bytes = Buffer.from(encoded, 'base64')
  const isCompressed = bytes[0] === 0x1f && bytes[1] === 0x8b
  if (!isCompressed) return bytes.toString('utf8')
  const { gunzipSync } = await import('node:zlib')
  try {
    return gunzipSync(bytes, { maxOutputLength: longest }).toString('utf8')
  } catch (thrown) {
    const reason = 'VAULT_CONFIG is compressed and cannot be unpacked'
    throw new AppError('config_invalid', { reason }, { cause: thrown })
  }
}
