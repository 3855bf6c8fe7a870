/** The step's ports on a Vault. */
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import { JsonNumber, type JsonValue } from '../../core/json.ts'
import type { Mount } from '../../core/stores/vault/mounts.ts'
import { createVaultStore } from '../../core/stores/vault/vault.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import type { StepPorts } from './ports.ts'

const increment = ['increment', new JsonNumber('0')] as const

/** What a step needs besides the store itself. */
export type OwnPorts = Pick<
  StepPorts,
  'method' | 'stores' | 'prepareSink' | 'findCertificate' | 'machine' | 'wall'
>

export interface Clients {
  /** For what the token itself needs. */
  readonly session: VaultClient
  /** For what templates need. */
  readonly templating: VaultClient
}

export function createVaultPorts(
  { session, templating }: Clients,
  own: OwnPorts,
  { chance, sleep }: Clock,
): StepPorts {
  const mounts = new Map<string, Mount>()
  const store = createVaultStore(templating, own.wall, mounts)
  return {
    ...own,
    mounts,
    chance,
    sleep,
    read: store.read,
    renewToken: async (token) => {
      const path = 'auth/token/renew-self'
      const answer = parseEnvelope(await session.write(path, new Map([increment]), { token }))
      if (answer.auth !== undefined) return answer.auth
      throw new AppError('store_answer_invalid', { path, reason: 'a renewal without a token' })
    },
    checkToken: async (token) => {
      await session.read('auth/token/lookup-self', { token })
    },
    renewLease: async (leaseId, token) => {
      const data = new Map<string, JsonValue>([['lease_id', leaseId], increment])
      const answer = await templating.write('sys/leases/renew', data, { token })
      return parseEnvelope(answer).leaseDuration
    },
  }
}
