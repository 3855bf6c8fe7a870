/** Chance, which a rendering is given because the engine has none of its own. */

export interface Randomness {
  /** That many random bytes. */
  readonly bytes: (count: number) => Uint8Array
  /** A new private key, PKCS #8 in DER. */
  readonly privateKey: (kind: KeyKind) => Uint8Array
}

export type KeyKind = 'rsa-2048' | 'rsa-4096' | 'ecdsa-p256' | 'ed25519' | 'dsa-2048'

/** An integer from 0 to `limit` - 1, each as likely as the others. */
export function randomBelow(random: Randomness, limit: bigint): bigint {
  const size = Math.ceil(limit.toString(2).length / 8)
  const span = 1n << BigInt(size * 8)
  const fair = span - (span % limit)
  for (;;) {
    const value = BigInt(`0x${Buffer.from(random.bytes(size)).toString('hex')}`)
    if (value < fair) return value % limit
  }
}
