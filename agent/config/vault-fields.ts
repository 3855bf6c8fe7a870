/** The `vault` block together with the `VAULT_*` variables that beat it. */
import { parseDuration } from '../../core/duration.ts'
import { pickProxy } from '../../core/vault/transport.ts'
import type { VaultConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

export type Environment = Readonly<Record<string, string | undefined>>

/** Setting → its key in the block (undefined: none) and its variable. One row per setting. */
const texts = {
  address: ['address', 'VAULT_ADDR'],
  namespace: ['namespace', 'VAULT_NAMESPACE'],
  caCertPath: ['ca_cert', 'VAULT_CACERT'],
  caCertPem: [undefined, 'VAULT_CACERT_BYTES'],
  clientCertPath: ['client_cert', 'VAULT_CLIENT_CERT'],
  clientKeyPath: ['client_key', 'VAULT_CLIENT_KEY'],
  serverName: ['tls_server_name', 'VAULT_TLS_SERVER_NAME'],
} as const satisfies Record<string, readonly [string | undefined, string]>

/** `methodNamespace` is that of the auth method: Vault Agent uses it for reads too, unless the environment names another. */
export function readVault(
  vault: Fields,
  environment: Environment,
  methodNamespace: string | undefined,
): VaultConfig {
  const text = (setting: keyof typeof texts): string | undefined => {
    const [key, variable] = texts[setting]
    return environment[variable] || (key === undefined ? undefined : vault.text(key)) || undefined
  }
  const address = text('address') ?? 'https://127.0.0.1:8200'
  if (!/^https?:\/\/[^/]/.test(address) || !URL.canParse(address)) {
    vault.report('address', 'an http:// or https:// address')
  }
  return {
    address: address.replace(/\/+$/, ''),
    namespace: environment['VAULT_NAMESPACE'] || methodNamespace || text('namespace'),
    caCertPath: text('caCertPath'),
    caCertPem: text('caCertPem'),
    clientCertPath: text('clientCertPath'),
    clientKeyPath: text('clientKeyPath'),
    serverName: text('serverName'),
    skipVerify: readSkipVerify(vault, environment['VAULT_SKIP_VERIFY']),
    timeoutMs: readTimeout(vault, environment['VAULT_CLIENT_TIMEOUT']),
    proxy: pickProxy(environment),
  }
}

/** A stock injector passes `VAULT_SKIP_VERIFY=false`; read as anything but a boolean it would turn verification off. */
function readSkipVerify(vault: Fields, variable: string | undefined): boolean {
  const fromFile = vault.flag('tls_skip_verify') ?? false
  if (variable === undefined || variable === '') return fromFile
  if (/^(1|t|true)$/i.test(variable)) return true
  if (!/^(0|f|false)$/i.test(variable)) vault.report('VAULT_SKIP_VERIFY', 'true or false')
  return false
}

function readTimeout(vault: Fields, variable: string | undefined): number {
  if (variable === undefined || variable === '') return 60_000
  const parsed = parseDuration(variable, 'VAULT_CLIENT_TIMEOUT')
  if (parsed.kind === 'ok' && parsed.value > 0) return parsed.value
  vault.report('VAULT_CLIENT_TIMEOUT', 'a duration such as "60s"')
  return 60_000
}
