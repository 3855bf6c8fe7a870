/** The key of a service account. */
import { importPKCS8, SignJWT } from 'jose'
import { unavailable } from './ask.ts'
import type { Claims } from './cloud-ports.ts'

export interface ServiceAccountKey {
  /** PKCS #8. */
  readonly pem: string
  readonly keyId: string | undefined
}

/** Signs with RS256. Errors: `credentials_unavailable` for a key that is none. */
export function createSigner({ pem, keyId }: ServiceAccountKey) {
  return async (claims: Claims): Promise<string> => {
    const alg = 'RS256'
    const key = await importPKCS8(pem, alg).catch(() => {
      throw unavailable({ source: 'Google credentials', reason: 'private_key is not a key' })
    })
    return new SignJWT({ ...claims })
      .setProtectedHeader({ alg, typ: 'JWT', ...(keyId === undefined ? {} : { kid: keyId }) })
      .sign(key)
  }
}
