/** How the store is reached: the `vault` block as options of a transport, its certificates read from their files. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { toAppError } from '../../core/errors.ts'
import type { TlsMaterial } from '../../core/http/connector.ts'
import { followTls } from '../../core/http/followed-tls.ts'
import type { TransportOptions } from '../../core/vault/transport.ts'
import { version } from '../../core/version.ts'
import type { ConnectionConfig, Subsystem, VaultConfig } from './agent-config.ts'

/** Errors: `tls_invalid` with the path that cannot be read. The transport takes files that change later without a restart. */
export function readTls(vault: VaultConfig): TransportOptions {
  const socketPath = /^unix:(?:\/\/)?(.*)$/.exec(vault.address)?.[1]
  return {
    ...followTls({ read: () => readMaterial(vault), stamp: () => stamp(vault) }),
    skipVerify: vault.skipVerify,
    timeoutMs: vault.timeoutMs,
    proxy: vault.proxy,
    followRedirects: vault.followRedirects,
    ...(vault.serverName === undefined ? {} : { serverName: vault.serverName }),
    ...(socketPath === undefined ? {} : { socketPath }),
    ...(vault.rateLimit === undefined ? {} : { rateLimit: vault.rateLimit }),
  }
}

/** The options of one of the agent's parts: whether it keeps connections, and what it calls itself. */
export function forSubsystem(
  options: TransportOptions,
  { withoutIdle, withoutKeepAlive }: ConnectionConfig,
  subsystem: Subsystem,
): TransportOptions {
  return {
    ...options,
    keepAlive: !withoutIdle.has(subsystem) && !withoutKeepAlive.has(subsystem),
    userAgent: `claviger-agent/${version} (${subsystem})`,
  }
}

function readMaterial(vault: VaultConfig): TlsMaterial {
  const ca = readAuthorities(vault)
  const cert = read(vault.clientCertPath)
  const key = read(vault.clientKeyPath)
  return {
    ...(ca === undefined ? {} : { ca }),
    ...(cert === undefined ? {} : { cert }),
    ...(key === undefined ? {} : { key }),
  }
}

/** A file beats the bytes, as in Vault's own client, and these a directory; a stock injector may give several. */
function readAuthorities(vault: VaultConfig): string | string[] | undefined {
  const { caCertPath, caCertPem, caPath } = vault
  return read(caCertPath) ?? caCertPem ?? (caPath === undefined ? undefined : readAll(caPath))
}

function readAll(directory: string): string[] {
  return listFiles(directory).flatMap((path) => {
    const text = read(path) ?? ''
    return text.includes('-----BEGIN ') ? [text] : []
  })
}

/** A file stands for itself, as for Vault's own client. Links are followed; the hidden directories of a mounted volume hold what its links lead to. */
function listFiles(directory: string): readonly string[] {
  try {
    if (statSync(directory).isFile()) return [directory]
    return readdirSync(directory)
      .filter((name) => !name.startsWith('.'))
      .toSorted()
      .map((name) => join(directory, name))
      .filter((path) => statSync(path, { throwIfNoEntry: false })?.isFile() === true)
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path: directory })
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

/** Changes with the files; nothing is read for it. */
function stamp({ caCertPath, caPath, clientCertPath, clientKeyPath }: VaultConfig): string {
  const files = [caCertPath, clientCertPath, clientKeyPath].filter((path) => path !== undefined)
  return [...files, ...(caPath === undefined ? [] : filesOrNone(caPath))].map(stampFile).join()
}

function filesOrNone(directory: string): readonly string[] {
  try {
    return listFiles(directory)
  } catch {
    return []
  }
}

function stampFile(path: string): string {
  const stats = statSync(path, { throwIfNoEntry: false })
  return stats === undefined ? path : `${path}:${stats.ino}:${stats.size}:${stats.mtimeMs}`
}
