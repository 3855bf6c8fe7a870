/** The step's ports on a Vault. */
import { AppError } from '../../core/errors.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import { createVaultStore } from '../../core/stores/vault.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import { createLogin } from '../auth/login.ts'
import type { AuthConfig } from '../config/agent-config.ts'
import type { StepPorts } from './ports.ts'

const increment = ['increment', new JsonNumber('0')] as const

export function createVaultPorts(
  auth: AuthConfig,
  {
    client,
    readJwt,
    chance,
  }: {
    readonly client: VaultClient
    readonly readJwt: () => string
    readonly chance: () => number
  },
): StepPorts {
  const store = createVaultStore(client)
  return {
    login: createLogin(auth, { client, readJwt }),
    renewToken: async (token) => {
      const path = 'auth/token/renew-self'
      const answer = parseEnvelope(await client.write(path, new Map([increment]), { token }))
      if (answer.auth !== undefined) return answer.auth
      throw new AppError('store_answer_invalid', { path, reason: 'a renewal without a token' })
    },
    renewLease: async (leaseId, token) => {
      const data = new Map<string, JsonValue>([['lease_id', leaseId], increment])
      return parseEnvelope(await client.write('sys/leases/renew', data, { token })).leaseDuration
    },
    read: store.read,
    chance,
  }
}
