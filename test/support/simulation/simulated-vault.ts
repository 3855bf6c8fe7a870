/** A store whose tokens, leases and passwords end when they should. Its answers are what the agent's client makes of Vault's. */
import { AppError } from '../../../core/errors.ts'
import { JsonNumber, type JsonValue } from '../../../core/json.ts'
import type { SecretAnswer, SecretAuth } from '../../../core/template/secret-request.ts'
import { paths, type StoreTerms } from './day-plan.ts'
import type { History } from './history.ts'
import type { Timetable } from './timetable.ts'

export interface SimulatedToken {
  readonly name: string
  readonly madeAt: number
  readonly endsAtMost: number
  expiresAt: number
  isRevoked: boolean
}

export interface SimulatedLease {
  readonly id: string
  readonly path: string
  readonly user: string
  readonly token: SimulatedToken
  readonly endsAtMost: number
  expiresAt: number
  isRevoked: boolean
}

/** A part of every secret, by which one is known where it does not belong. */
export const canary = 'S3cr3t'

export class SimulatedVault {
  readonly tokens = new Map<string, SimulatedToken>()
  readonly leases = new Map<string, SimulatedLease>()
  /** Paths that the policy denies. */
  readonly denied = new Set<string>()
  readonly #values = new Map<string, string>()
  readonly #terms: StoreTerms
  readonly #time: Timetable
  readonly #history: History
  #made = 0
  #rotatesAt: number

  constructor(terms: StoreTerms, time: Timetable, history: History) {
    this.#terms = terms
    this.#time = time
    this.#history = history
    this.#rotatesAt = time.now
    this.setValue(paths.kv)
    this.#rotate()
  }

  /** A new value. */
  setValue(path: string): void {
    const value = this.#name('value')
    this.#values.set(path, value)
    this.#history.note({ kind: 'value', path, value })
  }

  deleteValue(path: string): void {
    this.#values.delete(path)
    this.#history.note({ kind: 'value', path, value: undefined })
  }

  deny(path: string, isDenied: boolean): void {
    if (isDenied) this.denied.add(path)
    else this.denied.delete(path)
    this.#history.note({ kind: 'denied', path, isDenied })
  }

  /** Leases end with the token that made them. */
  revokeTokens(): void {
    const tokens = [...this.tokens.values()].filter((token) => this.isLive(token))
    for (const token of tokens) token.isRevoked = true
    this.#noteRevoked(tokens, [])
  }

  revokeLeases(): void {
    const leases = [...this.leases.values()].filter((lease) => this.#isGood(lease))
    for (const lease of leases) lease.isRevoked = true
    this.#noteRevoked([], leases)
  }

  isLive({ expiresAt, isRevoked }: Pick<SimulatedToken, 'expiresAt' | 'isRevoked'>): boolean {
    return !isRevoked && expiresAt > this.#time.now
  }

  login(lagMs: number): SecretAuth {
    const { now } = this.#time
    const { tokenTtlMs, tokenMaxMs } = this.#terms
    const token: SimulatedToken = {
      name: this.#name('token'),
      madeAt: now,
      endsAtMost: now + tokenMaxMs,
      expiresAt: now + Math.min(tokenTtlMs, tokenMaxMs),
      isRevoked: false,
    }
    this.tokens.set(token.name, token)
    return this.#grantToken(token, { isNew: true, lagMs })
  }

  renewToken(name: string, lagMs: number): SecretAuth {
    const token = this.find(name)
    token.expiresAt = Math.min(this.#time.now + this.#terms.tokenTtlMs, token.endsAtMost)
    return this.#grantToken(token, { isNew: false, lagMs })
  }

  revokeToken(name: string): void {
    const token = this.find(name)
    token.isRevoked = true
    this.#noteRevoked([token], [])
  }

  /** The seconds granted. */
  renewLease(id: string, token: string, lagMs: number): number {
    this.find(token)
    const lease = this.leases.get(id)
    if (lease === undefined || !this.#isGood(lease)) {
      throw new AppError('store_refused', { status: 400 })
    }
    lease.expiresAt = Math.min(this.#time.now + this.#terms.leaseTtlMs, lease.endsAtMost)
    this.#noteLease(lease, { isNew: false, lagMs })
    return this.#secondsUntil(lease.expiresAt)
  }

  read(path: string, tokenName: string, lagMs: number): SecretAnswer {
    const token = this.find(tokenName)
    if (this.denied.has(path)) throw new AppError('store_refused', { path, status: 403 })
    if (path === paths.static) return this.#readStatic()
    if (path.startsWith('database/creds/')) return this.#lend(path, token, lagMs)
    const value = this.#values.get(path)
    if (value === undefined) throw new AppError('secret_missing', { path, status: 404 })
    return answer({ data: new Map([['value', value]]), metadata: new Map() })
  }

  /** The live token of that name. */
  find(name: string): SimulatedToken {
    const token = this.tokens.get(name)
    if (token !== undefined && this.isLive(token)) return token
    const code = this.#terms.namesDeadTokens ? 'token_invalid' : 'store_refused'
    throw new AppError(code, { status: 403 })
  }

  #isGood(lease: SimulatedLease): boolean {
    return this.isLive(lease) && this.isLive(lease.token)
  }

  #rotate(): void {
    this.setValue(paths.static)
    this.#rotatesAt = this.#time.now + this.#terms.rotationMs
    this.#time.at(this.#rotatesAt, () => this.#rotate())
  }

  #readStatic(): SecretAnswer {
    return answer({
      password: this.#values.get(paths.static) ?? '',
      rotation_period: new JsonNumber(String(this.#terms.rotationMs / 1000)),
      ttl: new JsonNumber(String(this.#secondsUntil(this.#rotatesAt))),
    })
  }

  #lend(path: string, token: SimulatedToken, lagMs: number): SecretAnswer {
    const { now } = this.#time
    const { leaseTtlMs, leaseMaxMs, leaseRenewable } = this.#terms
    const user = this.#name('user')
    const lease: SimulatedLease = {
      id: `${path}/${user}`,
      path,
      user,
      token,
      endsAtMost: now + leaseMaxMs,
      expiresAt: now + Math.min(leaseTtlMs, leaseMaxMs),
      isRevoked: false,
    }
    this.leases.set(lease.id, lease)
    this.#noteLease(lease, { isNew: true, lagMs })
    return {
      ...answer({ username: user }),
      leaseId: lease.id,
      leaseDuration: this.#secondsUntil(lease.expiresAt),
      renewable: leaseRenewable,
    }
  }

  #grantToken(token: SimulatedToken, grant: Grant): SecretAuth {
    const { name, expiresAt } = token
    this.#history.note({ kind: 'token granted', token: name, expiresAt, ...grant })
    return {
      clientToken: name,
      accessor: '',
      policies: [],
      metadata: new Map(),
      leaseDuration: Number.isFinite(expiresAt) ? this.#secondsUntil(expiresAt) : 0,
      renewable: this.#terms.tokenRenewable && Number.isFinite(expiresAt),
    }
  }

  #noteLease({ id, path, token, user, expiresAt }: SimulatedLease, grant: Grant): void {
    const happening = { path, token: token.name, user, expiresAt, ...grant }
    this.#history.note({ kind: 'lease granted', lease: id, ...happening })
  }

  #noteRevoked(tokens: readonly SimulatedToken[], leases: readonly SimulatedLease[]): void {
    this.#history.note({
      kind: 'revoked',
      tokens: tokens.map(({ name }) => name),
      leases: leases.map(({ id }) => id),
    })
  }

  #secondsUntil(time: number): number {
    return Math.floor((time - this.#time.now) / 1000)
  }

  #name(what: string): string {
    return `${canary}-${what}-${++this.#made}`
  }
}

interface Grant {
  readonly isNew: boolean
  readonly lagMs: number
}

function answer(data: Readonly<Record<string, JsonValue>>): SecretAnswer {
  return {
    requestId: '',
    leaseId: '',
    leaseDuration: 0,
    renewable: false,
    data: new Map(Object.entries(data)),
    warnings: [],
  }
}
