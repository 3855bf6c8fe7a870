/** What a store that is no Vault answers. */
import { absentAnswer, type SecretAnswer, type SecretContent } from '../template/secret-request.ts'

export interface StoredSecret {
  readonly content: SecretContent
  /** Its name in the store. */
  readonly version?: string | undefined
  /** Milliseconds since the epoch. */
  readonly expiresAt?: number | undefined
}

/** Without what only Vault has: requests by number, leases, warnings. */
export function storedAnswer({ content, version, expiresAt }: StoredSecret): SecretAnswer {
  return {
    ...absentAnswer,
    content,
    ...(version === undefined ? {} : { version }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** Bytes as answers hold them, one UTF-16 unit for each. */
export function heldBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
