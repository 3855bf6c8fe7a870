/** What a store that is no Vault answers. */
import type { SecretAnswer, SecretContent } from '../template/secret-request.ts'

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
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: null,
    warnings: [],
    content,
    ...(version === undefined ? {} : { version }),
    ...(expiresAt === undefined ? {} : { expiresAt }),
  }
}

/** Bytes as answers hold them, one UTF-16 unit for each. */
export function heldBytes(bytes: Uint8Array): string {
  return Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength).toString('latin1')
}
