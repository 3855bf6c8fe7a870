/** What was the case at each moment of a recorded day. */
import { type AgentState, emptyState } from '../../../agent/plan/state.ts'
import {
  type DayPlan,
  type FilePlan,
  isOfCloud,
  type Part,
  paths,
  patienceOf,
  requestTimeoutMs,
  type Weather,
} from './day-plan.ts'
import type { Entry } from './history.ts'

export interface Granted {
  readonly madeAt: number
  /** Of the last grant. */
  readonly ttlMs: number
  readonly lagMs: number
  readonly expiresAt: number
  readonly revokedAt: number | undefined
  /** What the agent was told last; undefined: it never was. */
  readonly heard: Heard | undefined
}

export interface Heard {
  readonly at: number
  readonly ttlMs: number
  readonly lagMs: number
  readonly expiresAt: number
}

export interface GrantedLease extends Granted {
  readonly path: string
  readonly token: string
  readonly user: string
}

export interface RunningProcess {
  readonly id: number
  readonly role: 'init' | 'sidecar'
  readonly startedAt: number
}

/** Nothing has to wait for its end: what is not renewed is read anew. */
const harmless: ReadonlySet<Weather> = new Set(['fair', 'stubborn'])

type Trouble = 'weather' | 'cloud' | 'disk'

/** What is in the way of files that are made of `parts`: what befalls one store is no excuse at another. */
function troublesOf(parts: readonly Part[]): readonly Trouble[] {
  const others = parts.filter((part) => !isOfCloud(part))
  return [
    'disk',
    ...(others.length > 0 || parts.length === 0 ? (['weather'] as const) : []),
    ...(others.length < parts.length ? (['cloud'] as const) : []),
  ]
}

/** Before all time. */
const ever = Number.NEGATIVE_INFINITY

export class Replay {
  readonly plan: DayPlan
  /** How long after the end of all troubles something may still not be as it should. */
  readonly patienceMs: number
  /** Of the entry that comes next. */
  now = 0
  files: readonly FilePlan[] = []
  process: RunningProcess | undefined
  /** When the last process began. */
  startedAt = 0
  /** What the process would leave, or the last one left. */
  state: AgentState = emptyState
  stopAskedAt: number | undefined
  /** When the last change of the files came. */
  programAt = ever
  /** Since when the weather of the store beside Vault is fair; infinity while it is not. */
  cloudFairSince = ever
  /** Since when the weather is fair; infinity while it is not. */
  fairSince = ever
  /** Since when nothing had been in the way by then. */
  calmAtStop = Number.POSITIVE_INFINITY
  /** That nothing was in the way when it was asked to stop, and nobody killed it before it had. */
  wasStoppedInPeace = false
  readonly tokens = new Map<string, Granted>()
  readonly leases = new Map<string, GrantedLease>()
  readonly leaseOfUser = new Map<string, string>()
  /** What the store had and has, by path. */
  readonly values = new Map<string, { readonly at: number; readonly value: string | undefined }[]>()
  /** What lies on the disk. */
  readonly texts = new Map<string, string>()
  /** Files that were changed by somebody else since the agent last wrote. */
  readonly meddled = new Set<string>()
  /** Until when each is or was in the way; infinity while it is. */
  readonly #troubles = new Map<Trouble, number>()
  #calmSince = ever
  /** By the subject of the request. */
  #lastGranted = new Map<string, string>()
  readonly #heard = new Map<string, number>()
  /** When a path could be read again; infinity while it cannot. */
  readonly #deniedUntil = new Map<string, number>()
  readonly #absentUntil = new Map<string, number>()

  constructor(plan: DayPlan) {
    this.plan = plan
    this.patienceMs = patienceOf(plan)
  }

  /** Since when nothing has been in the way of what is made of `parts`; infinity while something is. */
  calmSince(parts: readonly Part[]): number {
    if (this.process === undefined) return Number.POSITIVE_INFINITY
    const troubles = troublesOf(parts).map((trouble) => this.#troubles.get(trouble) ?? ever)
    const ends = [this.#deniedUntil, this.#absentUntil].flatMap((until) =>
      parts.map((part) => until.get(paths[part]) ?? ever),
    )
    return Math.max(this.#calmSince, ...troubles, ...ends)
  }

  /** Whether the agent has an answer to make that part of. */
  holds(part: Part): boolean {
    return [...this.state.secrets.values()].some(({ request }) => request.path === paths[part])
  }

  /** When the agent has to expect the end of a lease: it may not have heard of the last renewal. */
  expectedEndOf({ heard, expiresAt, token }: GrantedLease): number {
    const ofToken = this.tokens.get(token)
    const tokenEnd = ofToken?.heard?.expiresAt ?? ofToken?.expiresAt ?? ever
    return Math.min(heard?.expiresAt ?? expiresAt, tokenEnd)
  }

  /** When a lease ended or will end, with its token or by itself. */
  endOf(lease: GrantedLease): number {
    const token = this.tokens.get(lease.token)
    return Math.min(endOfGrant(lease), token === undefined ? ever : endOfGrant(token))
  }

  wasRevoked({ revokedAt, token }: GrantedLease): boolean {
    return revokedAt !== undefined || this.tokens.get(token)?.revokedAt !== undefined
  }

  fold(entry: Entry): void {
    const { at } = entry
    switch (entry.kind) {
      case 'process started':
        this.process = { id: entry.process, role: entry.role, startedAt: at }
        this.startedAt = at
        this.state = entry.state ?? emptyState
        this.#heard.clear()
        this.#calmSince = at
        break
      case 'process ended':
        this.process = undefined
        if (entry.code === undefined) this.wasStoppedInPeace = false
        break
      case 'program':
        this.files = entry.files
        this.programAt = at
        this.#calmSince = at
        break
      case 'stop asked':
        this.stopAskedAt = at
        this.calmAtStop = this.calmSince([])
        this.wasStoppedInPeace =
          this.process !== undefined && this.fairSince + requestTimeoutMs <= at
        break
      case 'weather':
        this.#turn('weather', !harmless.has(entry.weather), at)
        this.fairSince = entry.weather === 'fair' ? at : Number.POSITIVE_INFINITY
        break
      case 'cloud weather':
        this.#turn('cloud', entry.weather !== 'fair', at)
        this.cloudFairSince = entry.weather === 'fair' ? at : Number.POSITIVE_INFINITY
        break
      case 'disk':
        this.#turn('disk', entry.isFull, at)
        break
      case 'denied':
        this.#deniedUntil.set(entry.path, entry.isDenied ? Number.POSITIVE_INFINITY : at)
        break
      case 'saved':
        this.state = entry.state
        this.#keepHeard()
        break
      default:
        this.#foldStore(entry)
        this.#foldDisk(entry)
    }
  }

  #turn(trouble: Trouble, isOn: boolean, at: number): void {
    this.#troubles.set(trouble, isOn ? Number.POSITIVE_INFINITY : at)
  }

  #foldStore(entry: Entry): void {
    const { at } = entry
    switch (entry.kind) {
      case 'value': {
        const values = this.values.get(entry.path) ?? []
        const isBack = values.at(-1)?.value === undefined && values.length > 0
        if (entry.value === undefined) this.#absentUntil.set(entry.path, Number.POSITIVE_INFINITY)
        else if (isBack) this.#absentUntil.set(entry.path, at)
        values.push({ at, value: entry.value })
        this.values.set(entry.path, values)
        break
      }
      case 'token granted':
        this.tokens.set(entry.token, grant(entry, this.tokens.get(entry.token)))
        this.#lastGranted.set('session', entry.token)
        break
      case 'lease granted': {
        const { lease, path, token, user } = entry
        const granted = grant(entry, this.leases.get(lease))
        this.leases.set(lease, { ...granted, path, token, user })
        this.leaseOfUser.set(user, lease)
        this.#lastGranted.set(path, lease)
        break
      }
      case 'answer':
        if (entry.code === 'ok') this.#heard.set(this.#lastGranted.get(entry.subject) ?? '', at)
        this.#lastGranted.delete(entry.subject)
        break
      case 'revoked':
        for (const token of entry.tokens) revoke(this.tokens, token, at)
        for (const lease of entry.leases) revoke(this.leases, lease, at)
        break
    }
  }

  /** What was heard counts when it is saved: a process that is killed before leaves nothing of it. */
  #keepHeard(): void {
    for (const [name, at] of this.#heard) this.#keepHeardOf(name, at)
    this.#heard.clear()
  }

  #keepHeardOf(name: string, at: number): void {
    const token = this.tokens.get(name)
    if (token !== undefined) this.tokens.set(name, { ...token, heard: heardOf(token, at) })
    const lease = this.leases.get(name)
    if (lease !== undefined) this.leases.set(name, { ...lease, heard: heardOf(lease, at) })
  }

  #foldDisk(entry: Entry): void {
    switch (entry.kind) {
      case 'written':
        this.texts.set(entry.path, entry.text)
        break
      case 'removed':
        this.texts.delete(entry.path)
        break
      case 'applied':
        if (entry.failed.length === 0) this.meddled.clear()
        break
      case 'meddled':
        this.meddled.add(entry.path)
        if (entry.text === undefined) this.texts.delete(entry.path)
        else this.texts.set(entry.path, entry.text)
        break
    }
  }
}

/** `name=value` by name; undefined for a text that is no such list. */
export function readParts(text: string): ReadonlyMap<string, string> | undefined {
  const pairs = text.split(';').map((part) => part.split('='))
  if (pairs.some((pair) => pair.length !== 2)) return undefined
  return new Map(pairs.map(([name = '', value = '']) => [name, value]))
}

function endOfGrant({ expiresAt, revokedAt }: Granted): number {
  return Math.min(expiresAt, revokedAt ?? Number.POSITIVE_INFINITY)
}

function grant(
  entry: Extract<Entry, { kind: 'token granted' | 'lease granted' }>,
  former: Granted | undefined,
): Granted {
  const { at, expiresAt, lagMs } = entry
  return {
    madeAt: former?.madeAt ?? at,
    ttlMs: expiresAt - at,
    lagMs,
    expiresAt,
    revokedAt: undefined,
    heard: former?.heard,
  }
}

function heardOf({ ttlMs, lagMs, expiresAt }: Granted, at: number): Heard {
  return { at, ttlMs, lagMs, expiresAt }
}

function revoke<T extends Granted>(grants: Map<string, T>, name: string, at: number): void {
  const granted = grants.get(name)
  if (granted !== undefined) grants.set(name, { ...granted, revokedAt: at })
}
