/** Where the token goes: the blocks `auto_auth.sink`. */

export interface SinkConfig {
  readonly path: string
  /** Default 0640. */
  readonly mode: number
  /** Undefined: as they are. */
  readonly uid: number | undefined
  readonly gid: number | undefined
  /** The token is wrapped for that long, milliseconds; undefined: it is not. */
  readonly wrapTtlMs: number | undefined
  /** Undefined: the token is not encrypted. */
  readonly encryption: SinkEncryption | undefined
}

export interface SinkEncryption {
  /** JSON with the reader's public key, `curve25519_public_key`. */
  readonly publicKeyPath: string
  readonly deriveKey: boolean
  /** Additional data, or the variable that holds it; without either it is empty. */
  readonly aad: { readonly text: string } | { readonly variable: string }
}
