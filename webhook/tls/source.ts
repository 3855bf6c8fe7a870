/** Where the serving certificate comes from. */

/** PEM texts; `cert` may be a chain. */
export interface KeyPair {
  readonly cert: string
  readonly key: string
}

export interface CertificateListener {
  /** Takes the first pair as soon as there is one and every later one. May throw `tls_invalid`, and then keeps what it had. */
  readonly use: (pair: KeyPair) => void
  /** Is told of every check that failed; the pair in use stays. */
  readonly failed: () => void
}

export interface CertificateSource {
  /** Runs until `signal` aborts. Rejects only with what no later attempt can mend. */
  readonly run: (listener: CertificateListener, signal: AbortSignal) => Promise<void>
}
