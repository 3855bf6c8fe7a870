/** Tokens: made at login, alive until their time or their maximum is over, gone with all that hangs on them. */
import { randomBytes } from 'node:crypto'
import type { Clock } from '../../core/clock.ts'
import type { Secret } from '../../core/secret.ts'
import { listErrors, Refusal } from './exchange.ts'
import { extendTerm, type Term } from './term.ts'

/** Vault's default and largest lease, 32 days, in seconds. */
export const systemMaxTtl = 2_764_800

/** Tokens are about as long as Vault's. */
const tokenBytes = 68

export interface Token {
  readonly id: string
  readonly accessor: string
  readonly displayName: string
  /** The path of the login that made it. */
  readonly path: string
  readonly policies: readonly string[]
  readonly metadata: ReadonlyMap<string, string>
  /** Absent for the root token, which never ends. */
  readonly term: Term | undefined
  /** Seconds, 0 without: each renewal gives this much, without a maximum. */
  readonly period: number
  readonly explicitMaxTtl: number
  readonly renewable: boolean
  /** A batch token is never renewed and has no accessor. */
  readonly batch: boolean
  /** Id of the token that made this one, and with which it ends. */
  readonly parent: string | undefined
  /** Milliseconds since the epoch. */
  readonly createdAt: number
}

/** Times in seconds, 0 for the system's. */
export interface TokenSpec {
  readonly displayName: string
  readonly path: string
  readonly policies: readonly string[]
  readonly metadata?: ReadonlyMap<string, string>
  readonly ttl: number
  readonly maxTtl: number
  readonly period: number
  readonly explicitMaxTtl?: number
  readonly renewable?: boolean
  readonly batch?: boolean
  readonly parent?: string
}

export interface Tokens {
  readonly create: (spec: TokenSpec) => Token
  /** Undefined for what never was, is over or was revoked. */
  readonly find: (id: string) => Token | undefined
  readonly findByAccessor: (accessor: string) => Token | undefined
  /** `increment` in seconds, 0 for the token's own. Throws a 400 `Refusal` when it cannot be renewed. */
  readonly renew: (token: Token, increment: number) => Renewal
  readonly revoke: (id: string) => void
}

export interface Renewal {
  readonly token: Token
  readonly warnings: readonly string[]
}

export interface TokenOptions {
  readonly clock: Clock
  readonly rootToken: Secret
  /** Called with the id of each token that has ended. */
  readonly onEnd: (id: string) => void
}

export function createTokens({ clock, rootToken, onEnd }: TokenOptions): Tokens {
  const root = makeRoot(rootToken, clock.now())
  const tokens = new Map([[root.id, root]])

  const revoke = (id: string) => {
    if (id === root.id || !tokens.delete(id)) return
    onEnd(id)
    for (const child of tokens.values()) if (child.parent === id) revoke(child.id)
  }
  const isOver = ({ term }: Token) => term !== undefined && term.expiresAt <= clock.now()
  /** Ends what is over first: a parent's end must reach a child that still has time. */
  const sweep = () => {
    for (const token of Array.from(tokens.values()).filter(isOver)) revoke(token.id)
  }
  return {
    create: (spec) => {
      const token = makeToken(spec, clock.now())
      tokens.set(token.id, token)
      return token
    },
    find: (id) => {
      sweep()
      return tokens.get(id)
    },
    findByAccessor: (accessor) => {
      sweep()
      return Array.from(tokens.values()).find(
        (token) => token.accessor !== '' && token.accessor === accessor,
      )
    },
    renew: (token, increment) => {
      if (!token.renewable || token.term === undefined) {
        throw new Refusal(400, 'lease is not renewable')
      }
      const wanted = token.period > 0 ? token.period : increment
      const { term, warnings } = extendTerm(token.term, wanted, clock.now())
      const renewed = { ...token, term }
      tokens.set(token.id, renewed)
      return { token: renewed, warnings }
    },
    revoke,
  }
}

/** Seconds until the token ends, 0 for one that never does. */
export function remainingTtl({ term }: Token, now: number): number {
  return term === undefined ? 0 : Math.round((term.expiresAt - now) / 1000)
}

export const invalidToken = listErrors('permission denied', 'invalid token')

function makeRoot(rootToken: Secret, now: number): Token {
  return {
    id: rootToken.reveal(),
    accessor: randomText(18),
    displayName: 'root',
    path: 'auth/token/root',
    policies: ['root'],
    metadata: new Map(),
    term: undefined,
    period: 0,
    explicitMaxTtl: 0,
    renewable: false,
    batch: false,
    parent: undefined,
    createdAt: now,
  }
}

function makeToken(spec: TokenSpec, now: number): Token {
  const { period, explicitMaxTtl = 0, batch = false } = spec
  const max = Math.min(...[spec.maxTtl, explicitMaxTtl, systemMaxTtl].filter((ttl) => ttl > 0))
  const limit = period > 0 ? explicitMaxTtl || Number.POSITIVE_INFINITY : max
  const ttl = Math.min(period || spec.ttl || systemMaxTtl, limit)
  return {
    id: `${batch ? 'hvb' : 'hvs'}.${randomText(tokenBytes)}`,
    accessor: batch ? '' : randomText(18),
    displayName: spec.displayName,
    path: spec.path,
    policies: spec.policies,
    metadata: spec.metadata ?? new Map(),
    term: { issuedAt: now, expiresAt: now + ttl * 1000, ttl, maxTtl: limit },
    period,
    explicitMaxTtl,
    renewable: (spec.renewable ?? true) && !batch,
    batch,
    parent: spec.parent,
    createdAt: now,
  }
}

export function randomText(bytes: number): string {
  return randomBytes(bytes).toString('base64url')
}
