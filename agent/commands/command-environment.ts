/** What a command finds in its environment. Source: consul-template's child, as Vault Agent configures it. */
import type { VaultConfig } from '../config/agent-config.ts'
import { isOwnVariable } from '../config/own-variables.ts'

/** Never given on, as what is the agent's own. */
const tokens = new Set(['VAULT_TOKEN', 'BAO_TOKEN'])

/** The agent's environment, and where the store is; never a token. */
export function commandEnvironment(
  vault: VaultConfig,
  environment: Readonly<Record<string, string | undefined>>,
): Readonly<Record<string, string>> {
  const settings: Readonly<Record<string, string | undefined>> = {
    VAULT_ADDR: vault.address,
    VAULT_NAMESPACE: vault.namespace,
    VAULT_SKIP_VERIFY: vault.skipVerify ? 'true' : undefined,
    VAULT_CACERT: vault.caCertPath,
    VAULT_CACERT_BYTES: vault.caCertPem,
    VAULT_CAPATH: vault.caPath,
    VAULT_CLIENT_CERT: vault.clientCertPath,
    VAULT_CLIENT_KEY: vault.clientKeyPath,
    VAULT_TLS_SERVER_NAME: vault.serverName,
  }
  const inherited = Object.entries(environment).filter(
    ([name]) => !isOwnVariable(name) && !tokens.has(name),
  )
  const given = [...inherited, ...Object.entries(settings)]
  return Object.fromEntries(
    given.flatMap(([name, value]) => (value === undefined ? [] : [[name, value] as const])),
  )
}
