/** What the plans know of stores besides the pod's own Vault: which one a request goes to, when it may be asked, what is kept of it. */
import type { Secret } from '../../core/secret.ts'
import type { WatchedSecret } from '../../core/stores/store.ts'
import { namedStore } from '../../core/template/secret-request.ts'
import { resting } from './failure.ts'
import type { AgentState, Failure, StoreState } from './state.ts'

/** When a store that was too busy may be asked again; 0 where it was not. */
export function quietUntil({ stores }: Pick<AgentState, 'stores'>, name: string): number {
  return stores.get(name)?.failure?.retryAt ?? 0
}

/** Whether requests for that store can be made at all: Vault needs a session, another store must not be resting. */
export function mayAsk(state: AgentState, store: string | undefined, now: number): boolean {
  if (store === undefined) return state.session !== undefined
  return !resting(state.stores.get(store)?.failure, now)
}

/** Name → hash of its settings. */
export type StoreIdentities = ReadonlyMap<string, string>

/** What stores with these settings inherit: whatever others filled is worth nothing here. */
export function inheritStores(state: AgentState, identities: StoreIdentities): AgentState {
  if (identities.size === 0 && state.stores.size === 0) return state
  const isKept = (name: string | undefined) => {
    if (name === undefined) return true
    const former = state.stores.get(name)
    return former !== undefined && former.identity === identities.get(name)
  }
  const stores = Array.from(identities, ([name, identity]) => {
    const former = isKept(name) ? state.stores.get(name) : undefined
    return [name, former ?? emptyStore(identity)] as const
  })
  return {
    ...state,
    stores: new Map(stores),
    secrets: new Map([...state.secrets].filter(([, { request }]) => isKept(namedStore(request)))),
    failures: new Map([...state.failures].filter(([, { store }]) => isKept(store))),
  }
}

function emptyStore(identity: string): StoreState {
  return { identity, memory: new Map(), failure: undefined }
}

/** Everything that is not of the pod's own Vault. */
export function withoutVault(state: AgentState): Pick<AgentState, 'secrets' | 'failures'> {
  const { secrets, failures } = state
  return {
    secrets: new Map([...secrets].filter(([, { request }]) => namedStore(request) !== undefined)),
    failures: new Map([...failures].filter(([, { store }]) => store !== undefined)),
  }
}

/** Without what such a store gave, which is worth nothing any more. */
export function withoutStore(state: AgentState, name: string): AgentState {
  const { stores, secrets, failures } = state
  return {
    ...state,
    stores: keepMemory(stores, name, new Map()),
    secrets: new Map([...secrets].filter(([, { request }]) => namedStore(request) !== name)),
    failures: new Map([...failures].filter(([, { store }]) => store !== name)),
  }
}

export function keepMemory(
  stores: AgentState['stores'],
  name: string,
  memory: ReadonlyMap<string, Secret>,
): AgentState['stores'] {
  const store = stores.get(name)
  if (store === undefined) return stores
  return new Map(stores).set(name, { ...store, memory: new Map(memory) })
}

/** `failure`: that it was too busy; undefined: that it answers. */
export function noteStore(state: AgentState, name: string, failure: Failure | undefined) {
  const store = state.stores.get(name)
  if (store === undefined || store.failure === failure) return state
  return { ...state, stores: new Map(state.stores).set(name, { ...store, failure }) }
}

/** What is read of a store, or would be, with the version that is held; in the order of paths. */
export function watchedSecrets(
  { secrets, failures }: AgentState,
  name: string,
): readonly WatchedSecret[] {
  const known = new Map<string, string | undefined>()
  for (const { kind, store, path } of failures.values()) {
    if (kind === 'read' && store === name) known.set(path, undefined)
  }
  for (const { request, answer } of secrets.values()) {
    const isRead = request.kind === 'read' && namedStore(request) === name
    if (isRead) known.set(request.path, answer.version)
  }
  return [...known.keys()].sort().map((path) => ({ path, known: known.get(path) }))
}

/** Somebody saw a secret change. */
export interface SeenChange {
  readonly store: string
  readonly path: string
}

/** It is due now, also where it was missing. */
export function noteChange(
  state: AgentState,
  { store, path }: SeenChange,
  now: number,
): AgentState {
  const secrets = Array.from(state.secrets, ([key, held]) => {
    const isIt = namedStore(held.request) === store && held.request.path === path
    return [key, isIt ? { ...held, due: { kind: 'read', at: now } as const } : held] as const
  })
  const failures = Array.from(state.failures, ([key, failure]) => {
    const isIt = failure.store === store && failure.path === path
    return [
      key,
      isIt && failure.code === 'secret_missing' ? { ...failure, retryAt: now } : failure,
    ] as const
  })
  return { ...state, secrets: new Map(secrets), failures: new Map(failures) }
}
