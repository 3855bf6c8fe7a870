/** Logging in with a client certificate. */
import type { VaultClient } from '../../core/vault/client.ts'
import type { AuthConfig, CertConfig } from '../config/auth-config.ts'
import type { AuthMethod } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { sendLogin } from './send-login.ts'

/** With a client of its own where the method names certificates, else with that of the `vault` block. */
export function createCert(auth: AuthConfig, config: CertConfig, ports: AuthPorts): AuthMethod {
  const { name, clientCertPath } = config
  const facts = { path: `${auth.mountPath}/login`, role: name ?? '' }
  const client = createClientSource(config, ports)
  return {
    identity: `cert ${name ?? ''} ${clientCertPath ?? ''}`,
    facts,
    login: async () => {
      const data = new Map(name === undefined ? [] : [['name', name]])
      return {
        granted: await sendLogin({ client: client(), auth, facts, data }),
        credentials: new Map(),
      }
    },
    fingerprint: () => undefined,
  }
}

/** The files are read with the first login, and with `reload` for each. Source: Vault Agent's cert method. */
function createClientSource(config: CertConfig, { client, connect }: AuthPorts): () => VaultClient {
  const { caCertPath, clientCertPath, clientKeyPath, reload } = config
  const hasPair = clientCertPath !== undefined && clientKeyPath !== undefined
  if (caCertPath === undefined && !hasPair) return () => client
  let made: VaultClient | undefined
  return () => {
    if (made === undefined || reload) made = connect({ caCertPath, clientCertPath, clientKeyPath })
    return made
  }
}
