/** I6, I7 and I12: leases and tokens. */
import type { Entry } from '../history.ts'
import { type GrantedLease, type Replay, readParts } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'
import { second } from '../timetable.ts'

/** I6: no second lease while the one that is known lives for long. */
export const fewLeases: Invariant = {
  name: 'I6 one lease',
  kinds: ['lease granted'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'lease granted' || !entry.isNew) return nothing
    const known = [...replay.state.secrets.values()]
      .filter(({ request }) => request.path === entry.path)
      .flatMap(({ answer }) => replay.leases.get(answer.leaseId) ?? [])
    return known.flatMap((lease) => {
      if (replay.wasRevoked(lease)) return []
      const leftMs = replay.expectedEndOf(lease) - entry.at
      if (leftMs <= overlapOf(replay, lease)) return []
      return [`${entry.lease} was made while ${lease.user} had ${leftMs / 1000} s to live`]
    })
  },
}

/** 30 s or a tenth of its life; what cannot be renewed is read again at 85 to 95 %. The agent counts from the start of the step. */
function overlapOf(replay: Replay, lease: GrantedLease): number {
  const { leaseTtlMs, leaseMaxMs, leaseRenewable } = replay.plan.store
  const part = leaseRenewable ? 0.1 : 0.15
  const lagMs = Math.max(lease.lagMs, replay.tokens.get(lease.token)?.lagMs ?? 0)
  return Math.max(30 * second, part * Math.min(leaseTtlMs, leaseMaxMs)) + lagMs + second
}

/** A token that nobody could renew is replaced in the last two fifths of what was left when the renewal, at 60 % or later, was due. */
const unrenewedPart = 0.4 * 0.4

/** I6: no login while the token that is known lives for long. */
export const fewLogins: Invariant = {
  name: 'I6 one login',
  kinds: ['request'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'request' || entry.what !== 'login') return nothing
    const name = replay.state.session?.token.reveal()
    const token = name === undefined ? undefined : replay.tokens.get(name)
    if (token === undefined || token.revokedAt !== undefined) return nothing
    const { ttlMs, lagMs, expiresAt } = token.heard ?? token
    const leftMs = expiresAt - entry.at
    const { tokenRenewable, tokenMaxMs } = replay.plan.store
    const canBeRenewed = tokenRenewable && expiresAt + second < token.madeAt + tokenMaxMs
    const part = canBeRenewed ? unrenewedPart : 0.4
    if (leftMs <= part * ttlMs + lagMs + second) return nothing
    return [`a login while ${name} had ${leftMs / 1000} s of ${ttlMs / 1000} s to live`]
  },
}

/** I6: the credentials in a file live, unless something was in the way of replacing them: not what is in the way of others. */
export const liveCredentials: Invariant = {
  name: 'I6 live credentials',
  kinds: ['request', 'stop asked'],
  create: () => {
    const reported = new Set<string>()
    return (replay, entry) => {
      if (replay.stopAskedAt !== undefined) return nothing
      return replay.files.flatMap(({ destination, parts }) => {
        const values = readParts(replay.texts.get(destination) ?? '')
        return parts.flatMap((part) => {
          const user = values?.get(part) ?? ''
          const missing = parts.filter((other) => other === part || !replay.holds(other))
          if (replay.calmSince(missing) + replay.patienceMs > entry.at) return []
          const lease = replay.leases.get(replay.leaseOfUser.get(user) ?? '')
          if (lease === undefined || reported.has(user)) return []
          if (!isOverdue(replay, lease, entry)) return []
          reported.add(user)
          return [`${destination} has ${user}, which ended`]
        })
      })
    }
  },
}

/** Whether a lease has ended that should have been replaced by now. */
function isOverdue(replay: Replay, lease: GrantedLease, { at }: Entry): boolean {
  const end = replay.endOf(lease)
  if (end > at) return false
  if (!replay.wasRevoked(lease)) return true
  // Nobody tells the agent of a revocation: it hears of it when the lease is renewed or read.
  const canHearSince = Math.max(end, replay.fairSince)
  return at - canHearSince > replay.plan.store.leaseTtlMs + replay.patienceMs
}

/** I7: a graceful end revokes the token, with all its leases, where the store can be reached; one that is just being given out too. */
export const revokedTokens: Invariant = {
  name: 'I7 revoked tokens',
  kinds: ['day over'],
  create: () => (replay, entry) => {
    const { plan, stopAskedAt, wasStoppedInPeace } = replay
    if (entry.kind !== 'day over' || !plan.revokeOnShutdown || stopAskedAt === undefined) {
      return nothing
    }
    const last = replay.state.session?.token.reveal()
    const names = [...replay.tokens.keys()]
    return [...replay.tokens].flatMap(([name, { madeAt, expiresAt, revokedAt }]) => {
      const isOwn = name === last || (name === names.at(-1) && madeAt >= replay.startedAt)
      const isLeft = expiresAt > stopAskedAt && revokedAt === undefined
      return wasStoppedInPeace && isOwn && isLeft ? [`${name} was not revoked`] : []
    })
  },
}

/** I12: what the agent believes to live does live, but for what was revoked. */
export const trueBeliefs: Invariant = {
  name: 'I12 true beliefs',
  kinds: ['saved'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'saved') return nothing
    const { session, secrets } = entry.state
    const token = replay.tokens.get(session?.token.reveal() ?? '')
    const wrong: string[] = []
    if (token !== undefined && (session?.expiresAt ?? 0) > token.expiresAt) {
      wrong.push(`the token is believed to live until ${session?.expiresAt}`)
    }
    for (const { answer, expiresAt = 0 } of secrets.values()) {
      const lease = replay.leases.get(answer.leaseId)
      if (lease !== undefined && expiresAt > lease.expiresAt) {
        wrong.push(`${lease.user} is believed to live ${expiresAt - lease.expiresAt} ms longer`)
      }
    }
    return wrong
  },
}

/** What a file holds is in the state: a process that is killed leaves no lease that only a file knows. */
export const rememberedLeases: Invariant = {
  name: 'I6 remembered leases',
  kinds: ['written'],
  create: () => (replay, entry) => {
    if (entry.kind !== 'written') return nothing
    const known = new Set(Array.from(replay.state.secrets.values(), ({ answer }) => answer.leaseId))
    return Array.from(readParts(entry.text)?.values() ?? []).flatMap((user) => {
      const id = replay.leaseOfUser.get(user)
      return id === undefined || known.has(id) ? [] : [`${user} is in a file and in no state`]
    })
  },
}
