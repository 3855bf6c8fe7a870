/** Keeps the lease of a kept answer alive for as long as the store lets it. */
import { type Backoff, backoffMs } from '../../core/backoff.ts'
import type { Clock } from '../../core/clock.ts'
import type { RawExchange } from '../../core/http/exchange.ts'
import { renewalPoint } from '../plan/session.ts'
import { readGrant } from './lease-grant.ts'
import type { LeaseEntry } from './lease-store.ts'
import type { StoreRequest, StoreSend } from './store-send.ts'

export interface RenewalPorts {
  readonly send: StoreSend
  readonly clock: Clock
}

const backoff: Backoff = { minMs: 1_000, maxMs: 60_000 }
/** A lease that would have to be renewed more often is left to its end. */
const shortestPauseMs = 1_000
/** Nobody is given a lease for its last tenth. */
const usablePart = 0.9

/** When a lease that was granted for `ttlMs` is no longer given out. */
export function usableUntil(ttlMs: number, now: number): number {
  return now + ttlMs * usablePart
}

/** Resolves when the lease has come to its end, the store has refused to renew it, or the entry was dropped. */
export async function keepLease(entry: LeaseEntry, { send, clock }: RenewalPorts): Promise<void> {
  const { dropped } = entry
  let dueAt = duePoint(entry.grant.ttlMs, clock)
  let failures = 0
  while (!dropped.signal.aborted) {
    const waitMs = Math.min(dueAt, entry.endsAt) - clock.now()
    await clock.sleep(Math.max(0, waitMs), dropped.signal)
    if (dropped.signal.aborted || clock.now() >= entry.endsAt) return
    const outcome = await renew(entry, send)
    if (outcome === 'refused') return
    failures = outcome === 'failed' ? failures + 1 : 0
    if (outcome === 'failed') {
      dueAt = clock.now() + backoffMs(backoff, failures, clock.chance())
    } else {
      entry.endsAt = usableUntil(outcome, clock.now())
      dueAt = duePoint(outcome, clock)
    }
  }
}

function duePoint(ttlMs: number, clock: Clock): number {
  const now = clock.now()
  return Math.max(now + shortestPauseMs, renewalPoint(ttlMs, { now, chance: clock.chance() }))
}

/** Milliseconds that were granted, or how it ended. */
async function renew(entry: LeaseEntry, send: StoreSend): Promise<number | 'refused' | 'failed'> {
  try {
    return judge(await send(renewalRequest(entry)))
  } catch {
    return 'failed'
  }
}

function judge(answer: RawExchange): number | 'refused' | 'failed' {
  const { status } = answer
  if (status >= 200 && status < 300) return readGrant(answer)?.ttlMs ?? 'refused'
  return status === 412 || status === 429 || status >= 500 ? 'failed' : 'refused'
}

function renewalRequest({ grant, token, namespace }: LeaseEntry): StoreRequest {
  const [target, body, own] =
    grant.kind === 'lease'
      ? ['/v1/sys/leases/renew', { lease_id: grant.leaseId, increment: 0 }, token?.reveal() ?? '']
      : ['/v1/auth/token/renew-self', { increment: 0 }, grant.token]
  const headers = {
    'content-type': 'application/json',
    'x-vault-request': 'true',
    'x-vault-token': own,
    ...(namespace === '' ? {} : { 'x-vault-namespace': namespace }),
  }
  return { method: 'PUT', target, headers, body: Buffer.from(JSON.stringify(body)) }
}
