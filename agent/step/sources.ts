/** Whom a step asks for a secret: the pod's own Vault with the session's token, or one of the other stores. */
import { AppError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import {
  namedStore,
  type SecretAnswer,
  type SecretRequest,
} from '../../core/template/secret-request.ts'
import { resting } from '../plan/failure.ts'
import type { AgentState, HeldSecret, Session } from '../plan/state.ts'
import type { StepContext } from './context.ts'
import type { StepStore } from './ports.ts'

export interface Source {
  /** What is under way for another is not waited for. */
  readonly id: string
  /** How often it is read where it has no lease, milliseconds. */
  readonly intervalMs: (request: SecretRequest) => number
  /** `held`: what is known already; the same answer where nothing has changed. */
  readonly read: (request: SecretRequest, held: HeldSecret | undefined) => Promise<SecretAnswer>
  /** Renews a lease, or a login that is the secret; the seconds granted. */
  readonly renew: (held: HeldSecret) => Promise<number>
}

/** A watched secret is asked for all the same, should the watch have missed something. */
const watchedIntervalMs = 3_600_000

/** Undefined while it cannot be asked: without a token that can read, or while the store rests. */
export function findSource(
  context: StepContext,
  { session, stores }: AgentState,
  request: SecretRequest,
): Source | undefined {
  const name = namedStore(request)
  if (name === undefined) {
    return session === undefined || session.isWrapped ? undefined : vaultSource(context, session)
  }
  const store = context.ports.stores.get(name)
  if (store === undefined || resting(stores.get(name)?.failure, context.now)) return undefined
  return storeSource(context, name, store)
}

function vaultSource({ ports, config }: StepContext, { token, openedAt }: Session): Source {
  return {
    id: `token of ${openedAt}`,
    intervalMs: () => config.templating.staticIntervalMs,
    read: (request) => ports.read(request, token),
    renew: async ({ answer: { auth, leaseId } }) => {
      if (auth === undefined) return ports.renewLease(leaseId, token)
      return (await ports.renewToken(new Secret(auth.clientToken))).leaseDuration
    },
  }
}

function storeSource({ config }: StepContext, name: string, store: StepStore): Source {
  const intervalMs = store.refreshMs ?? config.templating.staticIntervalMs
  return {
    id: `store ${name}`,
    intervalMs: ({ path }) =>
      store.isWatched(path) ? Math.max(watchedIntervalMs, intervalMs) : intervalMs,
    read: async (request, held) => {
      if (request.kind === 'list') return store.list(request.path)
      if (request.kind !== 'read') throw new AppError('store_incapable', { store: name })
      const { path, version } = request
      const outcome = await store.read({ path, version, known: held?.answer.version })
      if (outcome.kind === 'failed') throw outcome.error
      if (outcome.kind === 'read') return outcome.answer
      if (held !== undefined) return held.answer
      throw new AppError('store_answer_invalid', { store: name, reason: 'unchanged from nothing' })
    },
    renew: ({ answer: { leaseId } }) => store.renew(leaseId),
  }
}
