/** Leases of dynamic secrets: each ends at its time, at its maximum, or with the token that asked for it. */
import type { Clock } from '../../core/clock.ts'
import { Refusal } from './exchange.ts'
import { extendTerm, type Term } from './term.ts'
import { randomText } from './tokens.ts'

export interface Lease {
  readonly id: string
  readonly tokenId: string
  readonly term: Term
}

/** Seconds. */
export interface LeaseTimes {
  readonly ttl: number
  readonly maxTtl: number
}

export interface Leases {
  /** A lease `PATH/<id>` of `tokenId`. */
  readonly create: (path: string, tokenId: string, times: LeaseTimes) => Lease
  /** Undefined for what never was, is over or was revoked. */
  readonly find: (id: string) => Lease | undefined
  /** `increment` in seconds, 0 for the lease's own. Throws a 400 `Refusal` for a lease that is not there. */
  readonly renew: (id: string, increment: number) => LeaseRenewal
  readonly revoke: (id: string) => void
  readonly revokeOfToken: (tokenId: string) => void
}

export interface LeaseRenewal {
  readonly lease: Lease
  readonly warnings: readonly string[]
}

export function createLeases(clock: Clock): Leases {
  const leases = new Map<string, Lease>()
  const find = (id: string) => {
    const lease = leases.get(id)
    if (lease !== undefined && lease.term.expiresAt > clock.now()) return lease
    leases.delete(id)
    return undefined
  }
  return {
    create: (path, tokenId, { ttl, maxTtl }) => {
      const now = clock.now()
      const term = { issuedAt: now, expiresAt: now + ttl * 1000, ttl, maxTtl }
      const lease = { id: `${path}/${randomText(18)}`, tokenId, term }
      leases.set(lease.id, lease)
      return lease
    },
    find,
    renew: (id, increment) => {
      const lease = find(id)
      if (lease === undefined) throw new Refusal(400, 'lease not found')
      const { term, warnings } = extendTerm(lease.term, increment, clock.now())
      const renewed = { ...lease, term }
      leases.set(id, renewed)
      return { lease: renewed, warnings }
    },
    revoke: (id) => {
      leases.delete(id)
    },
    revokeOfToken: (tokenId) => {
      for (const lease of leases.values()) if (lease.tokenId === tokenId) leases.delete(lease.id)
    },
  }
}
