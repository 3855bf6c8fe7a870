/** The end of an agent that gives its tokens back. */
import type { Clock } from '../core/clock.ts'
import { errorFields, type Logger } from '../core/log.ts'
import type { VaultClient } from '../core/vault/client.ts'
import type { StateStore } from './files/state-file.ts'
import type { AgentState } from './plan/state.ts'
import { withoutStore, withoutVault } from './plan/stores.ts'
import { openStores } from './step/store-states.ts'
import type { NamedStores } from './stores/create-stores.ts'

/** The container ends within 2 s after the grace, whatever the store does. */
const revokeWithinMs = 1500

export interface EndPorts {
  readonly client: VaultClient
  /** Those besides the pod's own Vault. */
  readonly stores: NamedStores
  readonly stateStore: StateStore
  readonly clock: Clock
  readonly logger: Logger
}

/**
 * Revokes the token, and those of other Vaults, and with each every lease that was made with it; what cannot be revoked in time
 * ends by itself. A restarted container logs in anew. Source: `auth/token/revoke-self`.
 */
export async function endSession(before: AgentState, ports: EndPorts): Promise<void> {
  const { stores, stateStore } = ports
  const state = openStores(stores, before)
  const ended = await Promise.all([
    endToken({ revoke: () => revokeOwn(state, ports), fields: {}, forget: forgetOwn }, ports),
    ...Array.from(stores, ([store, named]) => {
      const forget = (known: AgentState) => withoutStore(known, store)
      return endToken({ revoke: () => named.revoke(), fields: { store }, forget }, ports)
    }),
  ])
  const left = ended.reduce((sofar, forget) => forget(sofar), state)
  if (left !== state) stateStore.save(left)
}

async function revokeOwn({ session }: AgentState, { client }: EndPorts): Promise<boolean> {
  if (session === undefined || session.isWrapped) return false
  await client.write('auth/token/revoke-self', new Map(), { token: session.token })
  return true
}

type Forget = (state: AgentState) => AgentState

const forgetOwn: Forget = (state) => ({ ...state, session: undefined, ...withoutVault(state) })
const keepAll: Forget = (state) => state

interface Token {
  /** False where there is none. */
  readonly revoke: () => Promise<boolean>
  readonly fields: { readonly store?: string }
  readonly forget: Forget
}

/** What is to be forgotten then. */
async function endToken(
  { revoke, fields, forget }: Token,
  { clock, logger }: EndPorts,
): Promise<Forget> {
  const revoked = revoke().catch((thrown: unknown) => ({ thrown }))
  const result = await Promise.race([revoked, clock.sleep(revokeWithinMs)])
  if (result === false) return keepAll
  if (result === true) {
    logger.info('token revoked', fields)
    return forget
  }
  if (result === undefined) logger.warn('token not revoked in time', fields)
  else logger.warn('token not revoked', { ...fields, ...errorFields(result.thrown) })
  return keepAll
}
