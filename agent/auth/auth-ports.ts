/** What the auth methods need of the process that they log in for. */
import type { Environment } from '../../core/environment.ts'
import type { Logger } from '../../core/log.ts'
import type { VaultClient } from '../../core/vault/client.ts'

export interface AuthPorts {
  /** Without retries of its own, with the certificates of the `vault` block. */
  readonly client: VaultClient
  /** The same with other certificates. Errors: `tls_invalid`. */
  readonly connect: (certificates: Certificates) => VaultClient
  /** The store's address, as it is configured. */
  readonly address: string
  readonly environment: Environment
  /** Milliseconds since the epoch. */
  readonly now: () => number
  readonly logger: Logger
}

/** Paths; undefined: as in the `vault` block. */
export interface Certificates {
  readonly caCertPath: string | undefined
  readonly clientCertPath: string | undefined
  readonly clientKeyPath: string | undefined
}
