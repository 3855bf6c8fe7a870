/** The certificates that the `vault` block names, read from their files. */
import { readFileSync } from 'node:fs'
import { toAppError } from '../../core/errors.ts'
import type { TransportOptions } from '../../core/vault/transport.ts'
import type { VaultConfig } from './agent-config.ts'

/** Errors: `tls_invalid` with the path that cannot be read. */
export function readTls(vault: VaultConfig): TransportOptions {
  // A file beats the bytes, as in Vault's own client; a stock injector may give both.
  const ca = read(vault.caCertPath) ?? vault.caCertPem
  const cert = read(vault.clientCertPath)
  const key = read(vault.clientKeyPath)
  return {
    tls: {
      ...(ca === undefined ? {} : { ca }),
      ...(cert === undefined ? {} : { cert }),
      ...(key === undefined ? {} : { key }),
    },
    skipVerify: vault.skipVerify,
    timeoutMs: vault.timeoutMs,
    proxy: vault.proxy,
    ...(vault.serverName === undefined ? {} : { serverName: vault.serverName }),
  }
}

function read(path: string | undefined): string | undefined {
  if (path === undefined) return undefined
  try {
    return readFileSync(path, 'utf8')
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
