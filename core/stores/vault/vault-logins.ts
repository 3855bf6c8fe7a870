/** Logins at a named Vault, whose token is renewed, or made anew, before it or a lease of it ends. */
import { requireTrimmed } from '../../credential-file.ts'
import { AppError, type ErrorCode } from '../../errors.ts'
import { JsonNumber, parseJson, stringifyJson } from '../../json.ts'
import { Secret } from '../../secret.ts'
import { createFlight } from '../../single-flight.ts'
import type { SecretAuth } from '../../template/secret-request.ts'
import type { VaultClient } from '../../vault/client.ts'
import { parseEnvelope } from '../../vault/envelope.ts'
import type { StorePorts } from '../store.ts'
import { createLeaseBook, type LeaseBook } from './lease-book.ts'

export interface GrantedLease {
  readonly leaseId: string
  /** As Vault says. */
  readonly seconds: number
  /** The token that has just made it; undefined for a lease that was renewed. */
  readonly madeBy: Secret | undefined
}

export interface Held {
  readonly token: Secret
  /** Milliseconds since the epoch, Infinity for a token that does not end. */
  readonly expiresAt: number
  /** From when on it is renewed, or made anew. */
  readonly renewAt: number
  readonly isRenewable: boolean
}

export interface LoginMethod {
  readonly kind: 'kubernetes' | 'jwt'
  readonly mount: string
  readonly role: string
  readonly tokenPath: string
  /** What a token belongs to, so that another login does not inherit it. */
  readonly identity: string
}

export interface TokenSource {
  /** A good token. */
  readonly find: () => Promise<Held>
  /** The server does not take that one. */
  readonly forget: (token: Secret) => void
  readonly bindLease: (granted: GrantedLease) => Promise<number>
  readonly revoke: () => Promise<boolean>
}

/** Of its life, after which a token is renewed, as Vault Agent does. */
const renewedAfter = 2 / 3
/** The part of its former life that a renewal has to grant; what has as much left is not renewed for a lease. */
const wholeLife = 0.95

/** What is granted lies in the memory of `ports`. Errors of `find`: `jwt_unreadable`, `login_refused`, those of the client. */
export function createLogins(
  method: LoginMethod,
  ports: StorePorts,
  client: VaultClient,
): TokenSource {
  return new Logins(method, ports, client)
}

class Logins implements TokenSource {
  readonly #method: LoginMethod
  readonly #ports: StorePorts
  readonly #client: VaultClient
  readonly #book: LeaseBook
  readonly #flight = createFlight<Held>()
  #held: Held | undefined

  constructor(method: LoginMethod, ports: StorePorts, client: VaultClient) {
    this.#method = method
    this.#ports = ports
    this.#client = client
    this.#book = createLeaseBook(ports.memory, `${method.identity} leases`)
    this.#held = recall(ports.memory.recall(method.identity))
  }

  async find(): Promise<Held> {
    const current = this.#held
    const now = this.#ports.now()
    if (current === undefined || now >= current.expiresAt) return this.#logIn()
    if (now < current.renewAt) return current
    const next = current.isRenewable ? this.#renew(current) : this.#logIn()
    // One that is still good outlives a server that cannot renew it.
    return next.catch(() => current)
  }

  forget(token: Secret): void {
    if (this.#held?.token.reveal() === token.reveal()) this.#held = undefined
  }

  async bindLease({ leaseId, seconds, madeBy }: GrantedLease): Promise<number> {
    const current = this.#held
    if (current === undefined) return seconds
    if (madeBy?.reveal() === current.token.reveal()) this.#book.add(leaseId)
    const now = this.#ports.now()
    const end = this.#book.endOf(leaseId, current.expiresAt)
    const isFresh = end - now >= wholeLife * lifeOf(current)
    const isBound = end === current.expiresAt && end < now + seconds * 1000
    if (!isBound || isFresh || !current.isRenewable) return this.#secondsUntil(end, seconds)
    const next = await this.#flight('renewal', () => this.#renew(current)).catch(() => current)
    return this.#secondsUntil(this.#book.endOf(leaseId, next.expiresAt), seconds)
  }

  async revoke(): Promise<boolean> {
    const held = this.#held
    if (held === undefined || this.#ports.now() >= held.expiresAt) return false
    await this.#client.write('auth/token/revoke-self', new Map(), { token: held.token })
    this.#held = undefined
    return true
  }

  /** One that is granted clearly less than before nears its longest life. */
  async #renew(old: Held): Promise<Held> {
    const { token } = old
    try {
      const { auth } = parseEnvelope(
        await this.#client.write('auth/token/renew-self', new Map(), { token }),
      )
      if (auth !== undefined && auth.leaseDuration > 0) {
        const renewed = this.#keep({ ...auth, clientToken: token.reveal() })
        if (lifeOf(renewed) >= wholeLife * lifeOf(old)) return renewed
      }
    } catch (thrown) {
      if (!(thrown instanceof AppError)) throw thrown
      const { logger } = this.#ports
      logger.debug('token of a store not renewed, it logs in again', { code: thrown.code })
    }
    return this.#logIn()
  }

  async #logIn(): Promise<Held> {
    return this.#keep(await logIn(this.#method, this.#client))
  }

  #keep(auth: SecretAuth): Held {
    const { memory, now } = this.#ports
    const former = this.#held
    if (former?.token.reveal() !== auth.clientToken) this.#book.turn(former?.expiresAt ?? 0)
    const held = heldOf(auth, now())
    this.#held = held
    memory.remember(this.#method.identity, new Secret(formatHeld(held)))
    return held
  }

  #secondsUntil(end: number, most: number): number {
    return Math.max(0, Math.min(most, Math.floor((end - this.#ports.now()) / 1000)))
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
