/** What the agent serves to others in its pod: the blocks `listener`, `cache` and `api_proxy`. */

export interface ListenerConfig {
  readonly address: /** An empty host: every address of the machine. */
    | { readonly kind: 'tcp'; readonly host: string; readonly port: number }
    | {
        readonly kind: 'unix'
        readonly path: string
        readonly mode: number | undefined
        readonly user: string | undefined
        readonly group: string | undefined
      }
  /** Undefined: plain HTTP, `tls_disable`. */
  readonly tls: ListenerTls | undefined
  /** `default`, or only `/agent/v1/metrics`. */
  readonly role: 'default' | 'metrics_only'
  /** `require_request_header`: 412 for a request without `X-Vault-Request: true`. */
  readonly requireRequestHeader: boolean
  readonly enableQuit: boolean
}

export interface ListenerTls {
  readonly certPath: string
  readonly keyPath: string
  /** Node's names: `TLSv1.2`, `TLSv1.3`, … */
  readonly minVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  readonly maxVersion: 'TLSv1' | 'TLSv1.1' | 'TLSv1.2' | 'TLSv1.3'
  /** OpenSSL's names; empty: the default. */
  readonly cipherSuites: readonly string[]
  readonly clientCaPath: string | undefined
  readonly requireClientCert: boolean
  readonly disableClientCerts: boolean
}

export interface CacheConfig {
  /** The directory of a cache that outlives the process; undefined: it does not. */
  readonly persist:
    | {
        readonly path: string
        readonly keepAfterImport: boolean
        readonly exitOnError: boolean
      }
    | undefined
}

export interface ProxyConfig {
  /** Whether requests without a token get the agent's; `force`: those with one too. From `api_proxy` or, older, `cache`. */
  readonly useAutoAuthToken: 'no' | 'yes' | 'force'
  readonly prependConfiguredNamespace: boolean
}
