/** The token of a named Vault: got by a login, renewed or made anew before it ends, and kept where the agent keeps it. */
import { join } from 'node:path'
import { readTrimmed, requireTrimmed } from '../../credential-file.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { JsonNumber, type JsonObject, parseJson, stringifyJson } from '../../json.ts'
import { Secret } from '../../secret.ts'
import type { SecretAuth } from '../../template/secret-request.ts'
import type { VaultClient } from '../../vault/client.ts'
import { parseEnvelope } from '../../vault/envelope.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { createLeaseBook } from './lease-book.ts'

export interface VaultSession {
  /** Calls `work` with a good token; where the server does not take it, once more with a new one. */
  readonly run: <T>(work: (token: Secret) => Promise<T>) => Promise<T>
  /** How long a lease lives, seconds, that was just made with a token of `run`, or renewed: no longer than the token that made it, which is renewed for that. */
  readonly bindLease: (granted: GrantedLease) => Promise<number>
  /** Revokes the token that it logged in for, and with it its leases; false where there is none, or it is somebody else's. */
  readonly revoke: () => Promise<boolean>
}

export interface GrantedLease {
  readonly leaseId: string
  /** As Vault says. */
  readonly seconds: number
  /** The token that has just made it; undefined for a lease that was renewed. */
  readonly madeBy: Secret | undefined
}

interface Held {
  readonly token: Secret
  /** Milliseconds since the epoch, Infinity for a token that does not end. */
  readonly expiresAt: number
  /** From when on it is renewed, or made anew. */
  readonly renewAt: number
  readonly isRenewable: boolean
}

const projectedToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'
/** Of its life, after which a token is renewed, as Vault Agent does. */
const renewedAfter = 2 / 3
/** The part of its former life that a renewal has to grant; what has as much left is not renewed for a lease. */
const wholeLife = 0.95

/** Errors: `config_invalid` for a login that lacks its role or its token's file. */
export function createSession(
  settings: StoreSettings,
  ports: StorePorts,
  client: VaultClient,
): VaultSession {
  const method = findMethod(settings, ports)
  const source =
    method.kind === 'token'
      ? createFixed(() => readToken(method, ports))
      : createLogins(method, ports, client)
  let pending: Promise<Held> | undefined
  const find = (): Promise<Held> => {
    // Of several that need one at the same time the first asks.
    pending ??= source.find().finally(() => {
      pending = undefined
    })
    return pending
  }
  return {
    run: async (work) => {
      const { token } = await find()
      try {
        return await work(token)
      } catch (thrown) {
        if (!(thrown instanceof AppError) || thrown.code !== 'token_invalid') throw thrown
        source.forget(token)
        const next = await find()
        if (next.token.reveal() === token.reveal()) throw thrown
        return work(next.token)
      }
    },
    bindLease: source.bindLease,
    revoke: source.revoke,
  }
}

/** A token that its owner looks after. */
function createFixed(find: () => Promise<Held>) {
  return {
    find,
    forget: () => undefined,
    bindLease: async ({ seconds }: GrantedLease) => seconds,
    revoke: async () => false,
  }
}

interface TokenMethod {
  readonly kind: 'token'
  readonly path: string | undefined
  readonly variable: string
}

interface LoginMethod {
  readonly kind: 'kubernetes' | 'jwt'
  readonly mount: string
  readonly role: string
  readonly tokenPath: string
  /** What a token belongs to, so that another login does not inherit it. */
  readonly identity: string
}

function findMethod(
  settings: StoreSettings,
  { environment }: StorePorts,
): TokenMethod | LoginMethod {
  const { name } = settings
  const of = (key: string) => settingOf(settings, key, environment)
  const isPod = environment['KUBERNETES_SERVICE_HOST'] !== undefined
  const kind = of('auth') ?? (isPod ? 'kubernetes' : 'token')
  if (kind === 'token') {
    return { kind, path: of('token_path'), variable: of('token_variable') ?? 'VAULT_TOKEN' }
  }
  const role = of('role')
  const tokenPath = of('token_path') ?? (kind === 'kubernetes' ? projectedToken : undefined)
  if (kind === 'kubernetes' && role === undefined) throw incomplete(name, 'no role')
  if (tokenPath === undefined) throw incomplete(name, 'no token_path')
  const mount = of('mount') ?? kind
  const identity = JSON.stringify([name, of('address'), of('namespace'), kind, mount, role])
  return {
    kind: kind === 'jwt' ? 'jwt' : 'kubernetes',
    ...{ mount, role: role ?? '', tokenPath, identity: `vault ${identity}` },
  }
}

/** Source of the places: Vault's own command line. A file is read anew each time. */
async function readToken(
  { path, variable }: TokenMethod,
  { environment }: StorePorts,
): Promise<Held> {
  const home = environment['HOME']
  const found =
    path === undefined
      ? environment[variable] ||
        (home === undefined ? undefined : readTrimmed(join(home, '.vault-token')))
      : requireTrimmed(path, 'credentials_unavailable')
  if (found === undefined) {
    throw new AppError('credentials_unavailable', {
      reason: `no ${variable} and no ~/.vault-token`,
    })
  }
  const never = Number.POSITIVE_INFINITY
  return { token: new Secret(found), expiresAt: never, renewAt: never, isRenewable: false }
}

function createLogins(method: LoginMethod, ports: StorePorts, client: VaultClient) {
  const { identity } = method
  const { memory, now, logger } = ports
  const book = createLeaseBook(memory, `${identity} leases`)
  let held = recall(memory.recall(identity))
  const keep = (auth: SecretAuth): Held => {
    if (held?.token.reveal() !== auth.clientToken) book.turn(held?.expiresAt ?? 0)
    held = heldOf(auth, now())
    memory.remember(identity, new Secret(formatHeld(held)))
    return held
  }
  /** One that is granted clearly less than before nears its longest life. */
  const renew = async (old: Held): Promise<Held> => {
    try {
      const answer = await client.write('auth/token/renew-self', new Map(), { token: old.token })
      const { auth } = parseEnvelope(answer)
      if (auth !== undefined && auth.leaseDuration > 0) {
        const renewed = keep({ ...auth, clientToken: old.token.reveal() })
        if (lifeOf(renewed) >= wholeLife * lifeOf(old)) return renewed
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      logger.debug('token of a store not renewed, it logs in again', { code: thrown.code })
    }
    return keep(await logIn(method, client))
  }
  let renewing: Promise<Held> | undefined
  const bindLease = async ({ leaseId, seconds, madeBy }: GrantedLease): Promise<number> => {
    const current = held
    if (current === undefined) return seconds
    if (madeBy?.reveal() === current.token.reveal()) book.add(leaseId)
    const end = book.endOf(leaseId, current.expiresAt)
    const isFresh = end - now() >= wholeLife * lifeOf(current)
    const isBound = end === current.expiresAt && end < now() + seconds * 1000
    if (!isBound || isFresh || !current.isRenewable) return secondsUntil(end, seconds)
    renewing ??= renew(current).finally(() => {
      renewing = undefined
    })
    const next = await renewing.catch(() => current)
    return secondsUntil(book.endOf(leaseId, next.expiresAt), seconds)
  }
  const secondsUntil = (end: number, most: number) =>
    Math.max(0, Math.min(most, Math.floor((end - now()) / 1000)))
  return {
    find: async (): Promise<Held> => {
      const current = held
      if (current === undefined || now() >= current.expiresAt) {
        return keep(await logIn(method, client))
      }
      if (now() < current.renewAt) return current
      const next = current.isRenewable ? renew(current) : logIn(method, client).then(keep)
      // One that is still good outlives a server that cannot renew it.
      return next.catch(() => current)
    },
    forget: (token: Secret) => {
      if (held?.token.reveal() === token.reveal()) held = undefined
    },
    bindLease,
    revoke: async () => {
      if (held === undefined || now() >= held.expiresAt) return false
      await client.write('auth/token/revoke-self', new Map(), { token: held.token })
      held = undefined
      return true
    },
  }
}

function heldOf({ clientToken, leaseDuration, renewable }: SecretAuth, now: number): Held {
  const lifeMs = leaseDuration * 1000
  const isEndless = leaseDuration === 0
  return {
    token: new Secret(clientToken),
    expiresAt: isEndless ? Number.POSITIVE_INFINITY : now + lifeMs,
    renewAt: isEndless ? Number.POSITIVE_INFINITY : now + lifeMs * renewedAfter,
    isRenewable: renewable,
  }
}

/** Milliseconds from login or renewal to its end. */
function lifeOf({ expiresAt, renewAt }: Held): number {
  return (expiresAt - renewAt) / (1 - renewedAfter)
}

const refusals = new Set<ErrorCode>(['store_refused', 'secret_missing', 'token_invalid'])

async function logIn(
  { mount, role, tokenPath }: LoginMethod,
  client: VaultClient,
): Promise<SecretAuth> {
  const at = `auth/${mount}/login`
  const jwt = requireTrimmed(tokenPath, 'jwt_unreadable')
  const data = new Map([['jwt', jwt], ...(role === '' ? [] : ([['role', role]] as const))])
  const answer = await client.write(at, data, {}).catch((thrown: unknown) => {
    if (!(thrown instanceof AppError)) throw thrown
    const code = refusals.has(thrown.code) ? 'login_refused' : thrown.code
    throw new AppError(code, { ...thrown.facts, path: at, role }, { cause: thrown })
  })
  const { auth } = parseEnvelope(answer)
  if (auth !== undefined && auth.clientToken !== '') return auth
  throw new AppError('store_answer_invalid', { path: at, reason: 'a login without a token' })
}

function formatHeld({ token, expiresAt, renewAt, isRenewable }: Held): string {
  const number = (value: number) =>
    Number.isFinite(value) ? new JsonNumber(String(Math.round(value))) : null
  const members = [token.reveal(), number(expiresAt), number(renewAt), isRenewable] as const
  return stringifyJson(members)
}

function recall(kept: Secret | undefined): Held | undefined {
  if (kept === undefined) return undefined
  const members = parseJson(kept.reveal())
  const [token, expiresAt, renewAt, isRenewable] = Array.isArray(members) ? members : []
  if (typeof token !== 'string') return undefined
  const time = (value: unknown) =>
    value instanceof JsonNumber ? Number(value.text) : Number.POSITIVE_INFINITY
  return {
    token: new Secret(token),
    expiresAt: time(expiresAt),
    renewAt: time(renewAt),
    isRenewable: isRenewable === true,
  }
}

function incomplete(store: string, reason: string): AppError {
  return new AppError('config_invalid', { store, reason })
}

/** Of an answer. */
export function dataOf(body: JsonObject): JsonObject {
  return parseEnvelope(body).data ?? new Map()
}
