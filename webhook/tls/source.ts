/** Where the serving certificate comes from. */

/** PEM texts; `cert` may be a chain. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface CertificateSource {
  /**
   * Hands over the first pair as soon as there is one and every later one, until `signal` aborts. Rejects only with what no
   * later attempt can mend; `use` may throw `tls_invalid`, and then keeps what it had.
   */
  readonly run: (use: (pair: KeyPair) => void, signal: AbortSignal) => Promise<void>
}
