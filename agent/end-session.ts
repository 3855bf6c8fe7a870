/** The end of an agent that gives its token back. */
import type { Clock } from '../core/clock.ts'
import { errorFields, type Logger } from '../core/log.ts'
import type { VaultClient } from '../core/vault/client.ts'
import type { StateStore } from './files/state-file.ts'
import type { AgentState } from './plan/state.ts'
import { withoutVault } from './plan/stores.ts'

/** The container ends within 2 s after the grace, whatever the store does. */
const revokeWithinMs = 1500

export interface EndPorts {
  readonly client: VaultClient
  readonly stateStore: StateStore
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Revokes the token, and with it every lease that was made with it; what cannot be revoked in time ends by itself. A
 * restarted container logs in anew. Source: `auth/token/revoke-self`.
 */
export async function endSession(state: AgentState, ports: EndPorts): Promise<void> {
  const { client, stateStore, clock, logger } = ports
  const { session } = state
  if (session === undefined || session.isWrapped) return
  const revoked = client
    .write('auth/token/revoke-self', new Map(), { token: session.token })
    .then(() => ({ kind: 'revoked' }) as const)
    .catch((thrown: unknown) => ({ kind: 'failed', thrown }) as const)
  const result = await Promise.race([revoked, clock.sleep(revokeWithinMs)])
  if (result?.kind === 'revoked') {
    logger.info('token revoked')
    stateStore.save({ ...state, session: undefined, ...withoutVault(state) })
  } else if (result?.kind === 'failed') {
    logger.warn('token not revoked', errorFields(result.thrown))
  } else logger.warn('token not revoked in time')
}
