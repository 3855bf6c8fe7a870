/** Gives answers with leases out again, renews their leases, and lets identical requests that come together cost one. */
import { createHash } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { RawExchange } from '../../core/http/exchange.ts'
import { Secret } from '../../core/secret.ts'
import { plainPath } from './caller-request.ts'
import { readGrant } from './lease-grant.ts'
import { keepLease, usableUntil } from './lease-renewal.ts'
import { type LeaseEntry, LeaseStore, type Selection, type StoreBounds } from './lease-store.ts'
import { revokedBy } from './revocation.ts'
import type { StoreRequest, StoreSend } from './store-send.ts'

export interface CacheAnswer {
  readonly answer: RawExchange
  /** How long ago the store gave it, milliseconds; undefined when it has just done so. */
  readonly ageMs: number | undefined
}

export interface LeaseCache {
  /** Errors: those of `send`. */
  readonly exchange: (request: StoreRequest) => Promise<CacheAnswer>
  readonly evict: (selection: Selection) => void
  /** Whether leases or tokens are kept, which ends with this process. */
  readonly keepsAny: () => boolean
  /** Ends all renewals. */
  readonly close: () => void
}

export interface CacheDeps {
  readonly send: StoreSend
  /** The agent's own token. */
  readonly token: () => Secret | undefined
  readonly clock: Clock
  readonly bounds?: StoreBounds
}

const defaultBounds: StoreBounds = { entries: 1_000, bytes: 16 * 1024 * 1024 }

export function createLeaseCache(deps: CacheDeps): LeaseCache {
  const { send, clock, bounds = defaultBounds } = deps
  const store = new LeaseStore(bounds)
  const pending = new Map<string, Promise<RawExchange>>()
  let own: string | undefined

  /** What the agent's last token asked for ends with it, for all we know. */
  const followToken = () => {
    const current = deps.token()?.reveal()
    if (own !== undefined && own !== current) {
      store.evict({ kind: 'token', token: own, children: true })
    }
    own = current
  }
  const ask = async (key: string, request: StoreRequest): Promise<RawExchange> => {
    const answer = await send(request)
    if (answer.status < 200 || answer.status > 299) return answer
    const selection = revokedBy(doneRequest(request))
    if (selection !== undefined) store.evict(selection)
    const entry = isCacheable(request)
      ? createEntry(key, request, { answer, now: clock.now() })
      : undefined
    if (entry !== undefined && isManaged(entry, own, store)) {
      store.add(entry)
      keepLease(entry, deps).then(() => store.drop(entry))
    }
    return answer
  }
  return {
    exchange: async (request) => {
      followToken()
      const key = keyOf(request)
      const leader = pending.get(key)
      if (leader !== undefined) await leader.catch(() => undefined)
      const kept = store.get(key, clock.now())
      if (kept !== undefined) return { answer: kept.answer, ageMs: clock.now() - kept.storedAt }
      const asked = ask(key, request)
      if (!pending.has(key) && isCacheable(request)) {
        pending.set(key, asked)
        const settle = () => pending.delete(key)
        asked.then(settle, settle)
      }
      return { answer: await asked, ageMs: undefined }
    },
    evict: (selection) => store.evict(selection),
    keepsAny: () => store.size > 0,
    close: () => store.evict({ kind: 'all' }),
  }
}

function createEntry(
  key: string,
  request: StoreRequest,
  { answer, now }: { readonly answer: RawExchange; readonly now: number },
): LeaseEntry | undefined {
  const grant = readGrant(answer)
  if (grant === undefined) return undefined
  const caller = request.headers['x-vault-token']
  return {
    key,
    token: caller === undefined ? undefined : new Secret(caller),
    namespace: namespaceOf(request),
    path: plainPath(pathOf(request)),
    answer,
    grant,
    storedAt: now,
    endsAt: usableUntil(grant.ttlMs, now),
    dropped: new AbortController(),
  }
}

/** A token that is neither the agent's nor one that was given out here may end unseen, and its leases with it. */
function isManaged({ token, grant }: LeaseEntry, own: string | undefined, store: LeaseStore) {
  if (grant.kind === 'token' && grant.orphan) return true
  const caller = token?.reveal()
  return caller !== undefined && (caller === own || store.gaveOut(caller))
}

/** An answer to these is about a lease, and no lease of its own. */
const aboutLeases = /\/(?:auth\/token\/(?:renew|lookup)|sys\/(?:leases\/)?(?:renew|lookup))/

function isCacheable(request: StoreRequest): boolean {
  const { method, headers } = request
  const mayGrant = method === 'GET' || method === 'PUT' || method === 'POST'
  return (
    mayGrant &&
    headers['x-vault-wrap-ttl'] === undefined &&
    !aboutLeases.test(plainPath(pathOf(request)))
  )
}

/** Everything that the store's answer depends on. */
function keyOf({ method, target, headers, body }: StoreRequest): string {
  const [path = '', query = ''] = target.split(/\?(.*)/s)
  const pairs = [...new URLSearchParams(query)].map((pair) => pair.join('=')).toSorted()
  const telling = Object.entries(headers)
    .filter(([name]) => name.startsWith('x-vault-') || name === 'authorization')
    .toSorted()
  const head = JSON.stringify([method, path, pairs, telling])
  return createHash('sha256')
    .update(`${head}\n`)
    .update(body ?? '')
    .digest('hex')
}

function doneRequest(request: StoreRequest) {
  const { method, headers, body = Buffer.alloc(0) } = request
  const namespace = namespaceOf(request)
  return { method, path: pathOf(request), body, token: headers['x-vault-token'], namespace }
}

function pathOf({ target }: StoreRequest): string {
  return target.replace(/\?.*$/s, '')
}

function namespaceOf({ headers }: StoreRequest): string {
  return (headers['x-vault-namespace'] ?? '').replace(/^\/+|\/+$/g, '')
}
