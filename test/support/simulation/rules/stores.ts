/** I15: a store beside Vault is asked in time whatever Vault does, once a step, with the credentials it gave, and not while it rests. */

import type { Failure } from '../../../../agent/plan/state.ts'
import { namedStore } from '../../../../core/template/secret-request.ts'
import { isOfCloud, paths } from '../day-plan.ts'
import type { Replay } from '../replay.ts'
import { type Invariant, nothing } from '../rule.ts'
import { cloudName } from '../simulated-cloud.ts'
import { minute, second } from '../timetable.ts'

/** Work comes early along with other work by as much. */
const earliestMs = 30 * second

/** A step waits 2 s for each thing that hangs, an init container moreover for its commands. */
const latenessMs = { sidecar: 20 * second, init: 50 * second } as const

/** A Vault that hangs, and would hold up a step for a minute, delays no other store. */
export const apartStores: Invariant = {
  name: 'I15 apart',
  kinds: ['weather', 'cloud weather', 'request', 'answer', 'applied', 'stop asked'],
  create: () => {
    const askedAt = new Map<string, number>()
    const reported = new Set<string>()
    return (replay, entry) => {
      if (entry.kind === 'request' && entry.what.startsWith('cloud')) {
        askedAt.set(entry.subject, entry.at)
      }
      const { process, stopAskedAt } = replay
      if (process === undefined || stopAskedAt !== undefined) return nothing
      const settledAt = Math.max(process.startedAt, replay.cloudFairSince, replay.programAt)
      return dueReads(replay, process.startedAt).flatMap(([path, dueAt]) => {
        // A login is for whatever was asked then.
        const lastAt = Math.max(askedAt.get(path) ?? 0, askedAt.get(cloudName) ?? 0)
        const lateMs = entry.at - Math.max(dueAt, settledAt)
        if (lateMs <= latenessMs[process.role] || lastAt >= dueAt - earliestMs) return []
        const finding = `${path}, due at ${dueAt}, is not asked for`
        if (reported.has(finding)) return []
        reported.add(finding)
        return [finding]
      })
    }
  },
}

/** The paths that files need of it, and when each is due. */
function dueReads(
  { files, state }: Replay,
  startedAt: number,
): readonly (readonly [string, number])[] {
  const restsUntil = state.stores.get(cloudName)?.failure?.retryAt ?? 0
  const parts = new Set(files.flatMap((file) => file.parts).filter(isOfCloud))
  const failures = [...state.failures.values()]
  return [...parts].map((part) => {
    const path = paths[part]
    const held = [...state.secrets.values()].find(
      ({ request }) => request.path === path && namedStore(request) === cloudName,
    )
    const failure: Failure | undefined = failures.find((failed) => failed.path === path)
    const dueAt = failure?.retryAt ?? held?.due.at ?? startedAt
    return [path, Math.max(dueAt, restsUntil)] as const
  })
}

/** One read of a secret in one step, whatever it is for. */
export const singleReads: Invariant = {
  name: 'I15 one read',
  kinds: ['request'],
  create: () => {
    const lastStep = new Map<string, string>()
    return (_, entry) => {
      if (entry.kind !== 'request' || !entry.what.endsWith('read')) return nothing
      const key = `${entry.what} ${entry.subject}`
      const step = `${entry.process} ${entry.step}`
      const isAgain = lastStep.get(key) === step && !entry.isFollowing
      lastStep.set(key, step)
      return isAgain ? [`${key} twice in one step`] : nothing
    }
  },
}

interface Keys {
  readonly name: string
  readonly endsAt: number
}

/** One login for as long as its credentials live, whatever processes come and go: they are in the state. */
export const rememberedCredentials: Invariant = {
  name: 'I15 remembered credentials',
  kinds: ['process started', 'keys granted', 'answer', 'applied', 'withdrawn', 'request'],
  create: () => {
    const withdrawn = new Set<string>()
    let granted: Keys | undefined
    /** What the process was told, and what it has left. */
    let heard: Keys | undefined
    let kept: Keys | undefined
    return (_, entry) => {
      switch (entry.kind) {
        case 'process started':
          heard = entry.state === undefined ? undefined : kept
          return nothing
        case 'keys granted':
          granted = entry
          return nothing
        case 'answer':
          if (entry.what === 'cloud login' && entry.code === 'ok') heard = granted
          return nothing
        case 'applied':
          kept = heard
          return nothing
        case 'withdrawn':
          for (const name of entry.names) withdrawn.add(name)
          return nothing
        case 'request': {
          if (entry.what !== 'cloud login' || heard === undefined) return nothing
          const isGood = heard.endsAt - minute > entry.at && !withdrawn.has(heard.name)
          return isGood ? [`a login although ${heard.name} is good until ${heard.endsAt}`] : nothing
        }
        default:
          return nothing
      }
    }
  },
}

/** The shortest pause, 250 ms less a quarter by chance, and some room. */
const shortestRestMs = 150

/** Once it was too busy nothing is asked of it until its rest is over. What follows from an earlier request may be. */
export const restingStores: Invariant = {
  name: 'I15 rest of a store',
  kinds: ['process started', 'answer', 'request'],
  create: () => {
    let restsUntil = 0
    return (_, entry) => {
      if (entry.kind === 'process started') {
        restsUntil = entry.state?.stores.get(cloudName)?.failure?.retryAt ?? 0
      }
      if (entry.kind !== 'answer' && entry.kind !== 'request') return nothing
      if (!entry.what.startsWith('cloud')) return nothing
      if (entry.kind === 'answer') {
        if (entry.code === 'store_busy') {
          const restMs = entry.retryAfterMs ?? shortestRestMs
          restsUntil = Math.max(restsUntil, entry.at + restMs)
        }
        return nothing
      }
      const earlyMs = restsUntil - entry.at
      return earlyMs > 1 && !entry.isFollowing ? [`asked ${earlyMs} ms early`] : nothing
    }
  },
}
