/** A token for the one reader whose public key the sink names. Source: Vault's dhutil, which its readers decrypt with. */
import {
  createCipheriv,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
  randomBytes,
} from 'node:crypto'

export interface Encryption {
  /** X25519, 32 bytes. */
  readonly readerKey: Uint8Array
  /** The key is derived from the shared secret and both public keys instead of being the secret itself. */
  readonly deriveKey: boolean
  readonly aad: string
}

/**
 * The JSON that Vault Agent writes, newline included: X25519 with a key pair of its own for each text, AES-256-GCM with a
 * 12-byte nonce and the 16-byte tag after the payload. Throws for a key that is none.
 */
export function encryptFor({ readerKey, deriveKey, aad }: Encryption, text: string): string {
  const pair = generateKeyPairSync('x25519')
  const ownKey = Buffer.from(pair.publicKey.export({ format: 'jwk' }).x ?? '', 'base64url')
  const secret = diffieHellman({ privateKey: pair.privateKey, publicKey: importKey(readerKey) })
  const key = deriveKey ? derive(secret, [ownKey, readerKey]) : secret
  const nonce = randomBytes(12)
  const cipher = createCipheriv('aes-256-gcm', key, nonce).setAAD(Buffer.from(aad))
  const payload = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()])
  const envelope = {
    curve25519_public_key: ownKey.toString('base64'),
    nonce: nonce.toString('base64'),
    encrypted_payload: payload.toString('base64'),
  }
  return `${JSON.stringify(envelope)}\n`
}

function importKey(bytes: Uint8Array): KeyObject {
  const x = Buffer.from(bytes).toString('base64url')
  return createPublicKey({ key: { kty: 'OKP', crv: 'X25519', x }, format: 'jwk' })
}

/** HKDF-SHA-256 with the lesser public key as salt and the greater one as info, so that both sides derive the same. */
function derive(secret: Uint8Array, keys: readonly [Uint8Array, Uint8Array]): Uint8Array {
  const [salt, info] = keys.toSorted((left, right) => Buffer.compare(left, right))
  return new Uint8Array(hkdfSync('sha256', secret, salt ?? '', info ?? '', 32))
}
