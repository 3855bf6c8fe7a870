/** The step's ports on a Vault. */
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import { createVaultStore } from '../../core/stores/vault.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import { createLogin } from '../auth/login.ts'
import type { AuthConfig } from '../config/agent-config.ts'
import type { Machine, StepPorts } from './ports.ts'

const increment = ['increment', new JsonNumber('0')] as const

export interface VaultPortsDeps {
  readonly client: VaultClient
  readonly readJwt: () => string
  readonly clock: Clock
  readonly machine: Machine
}

export function createVaultPorts(
  auth: AuthConfig,
  { client, readJwt, clock, machine }: VaultPortsDeps,
): StepPorts {
  const store = createVaultStore(client, clock.now)
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
    chance: clock.chance,
    machine,
  }
}
