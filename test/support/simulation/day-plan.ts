/** What a seed decides before the day begins: the store's terms, the files, and how the pod is built. */
import type { Backoff } from '../../../core/backoff.ts'
import { Chance } from './chance.ts'
import { hour, minute, second } from './timetable.ts'

/** How the store behaves for a while. */
export type Weather =
  | 'fair'
  /** No connection. */
  | 'down'
  /** Requests arrive, their answers may not. */
  | 'lossy'
  /** No answer before the client's own deadline. */
  | 'hanging'
  /** 503 to everything. */
  | 'sealed'
  /** 429, mostly with Retry-After. */
  | 'throttled'
  /** Some requests fail with 500. */
  | 'flaky'
  /** Answers that are cut off, or no JSON. */
  | 'garbled'
  /** Answers take seconds. */
  | 'slow'
  /** Logins are refused with 403. */
  | 'closed'
  /** No lease is renewed: 500. All else goes well. */
  | 'stubborn'
  /** A standby that has not heard of a new token yet. */
  | 'lagging'

/** How a store beside Vault behaves for a while. */
export type CloudWeather = 'fair' | 'down' | 'lossy' | 'hanging' | 'throttled' | 'flaky' | 'slow'

/** What a file is made of; `cloud` and `bucket` lie in a store beside Vault. */
export type Part = 'kv' | 'extra' | 'lease' | 'other' | 'static' | 'cloud' | 'bucket'

export const paths: Readonly<Record<Part, string>> = {
  kv: 'kv/data/app',
  extra: 'kv/data/extra',
  lease: 'database/creds/app',
  other: 'database/creds/other',
  static: 'database/static-creds/app',
  cloud: 'prod/app',
  bucket: 'prod/bucket',
}

export function isOfCloud(part: Part): boolean {
  return part === 'cloud' || part === 'bucket'
}

export interface FilePlan {
  readonly destination: string
  readonly mode: number | undefined
  readonly parts: readonly Part[]
  readonly isOptional: boolean
  /** Of the command that runs after a change. */
  readonly command: string | undefined
  readonly wait: { readonly minMs: number; readonly maxMs: number } | undefined
  readonly staleness:
    | { readonly maxMs: number; readonly action: 'keep' | 'remove' | 'exit' }
    | undefined
}

export interface StoreTerms {
  /** Infinity for tokens that never end. */
  readonly tokenTtlMs: number
  readonly tokenMaxMs: number
  readonly tokenRenewable: boolean
  readonly leaseTtlMs: number
  readonly leaseMaxMs: number
  readonly leaseRenewable: boolean
  readonly rotationMs: number
  /** Whether it says of a dead token that it is one. */
  readonly namesDeadTokens: boolean
}

export interface CloudPlan {
  readonly refreshMs: number
  /** How long its credentials live. */
  readonly credentialMs: number
}

export interface DayPlan {
  readonly seed: number
  readonly lengthMs: number
  /** Whether real templates and the whole log are part of it: they cost more than all the rest. */
  readonly isThorough: boolean
  readonly store: StoreTerms
  /** A store beside Vault; undefined: there is none. */
  readonly cloud: CloudPlan | undefined
  readonly files: readonly FilePlan[]
  readonly sinks: readonly { readonly path: string; readonly isWrapped: boolean }[]
  readonly hasInit: boolean
  /** Whether state outlives a process. */
  readonly hasState: boolean
  /** Whether the sidecar runs under a waiter: with state it ends between two steps. */
  readonly hibernates: boolean
  readonly staticIntervalMs: number
  readonly loginBackoff: Backoff
  readonly readBackoff: Backoff
  readonly exitOnError: boolean
  readonly exitOnRetryFailure: boolean
  readonly exitOnRefreshFailure: boolean
  readonly initDeadlineMs: number | undefined
  readonly revokeOnShutdown: boolean
  /** Of a process being killed at any one moment that it waits. */
  readonly killProbability: number
  /** Whether the troubles are over some hours before the end. */
  readonly endsCalm: boolean
}

/** Until the client gives a request up. */
export const requestTimeoutMs = minute

/** In a fifth of the days there is a store beside Vault. */
export function planDay(seed: number, lengthMs = 24 * hour): DayPlan {
  const plan = planVaultDay(seed, lengthMs)
  // Of a source of its own, too.
  const chance = new Chance(seed ^ 0xc10d)
  return chance.happens(0.2) ? addCloud(plan, chance) : plan
}

/** The same day with one file or two that are made of what lies beside Vault. */
function addCloud(plan: DayPlan, chance: Chance): DayPlan {
  const files = [planCloudFile(chance, '/secrets/cloud', chance.pick(cloudMixtures))]
  if (chance.happens(0.3)) files.push(planCloudFile(chance, '/secrets/bucket', ['bucket']))
  const cloud = {
    refreshMs: chance.pick([30, 60, 240, 480]) * minute,
    credentialMs: chance.pick([15, 60, 60, 720]) * minute,
  }
  return { ...plan, cloud, files: [...plan.files, ...files] }
}

const cloudMixtures: readonly (readonly Part[])[] = [
  ['cloud'],
  ['cloud'],
  ['cloud', 'bucket'],
  ['bucket', 'kv'],
  ['lease', 'cloud'],
]

function planCloudFile(chance: Chance, destination: string, parts: readonly Part[]): FilePlan {
  const command = chance.happens(0.3) ? `reload ${destination}` : undefined
  const others = { isOptional: false, wait: undefined, staleness: undefined }
  return { destination, mode: undefined, parts, command, ...others }
}

/** Without a store beside Vault. */
export function planVaultDay(seed: number, lengthMs = 24 * hour): DayPlan {
  const chance = new Chance(seed)
  const store = planStore(chance)
  const staticIntervalMs = chance.pick([60, 240, 360, 480, 480, 720, 720]) * minute
  const exits = chance.happens(0.25)
  const files = planFiles(chance, Math.max(staticIntervalMs, store.leaseTtlMs, store.rotationMs))
  return {
    seed,
    lengthMs,
    isThorough: seed % 20 === 0,
    store,
    cloud: undefined,
    files,
    sinks: chance.pick([
      [],
      [{ path: '/secrets/token', isWrapped: false }],
      [
        { path: '/secrets/token', isWrapped: false },
        { path: '/secrets/wrapped', isWrapped: true },
      ],
    ]),
    hasInit: chance.happens(0.7),
    hasState: chance.happens(0.8),
    // Of a source of its own: all else is drawn as it was before there was a waiter.
    hibernates: new Chance(seed ^ 0x3a17).happens(0.2),
    staticIntervalMs,
    loginBackoff: { minMs: second, maxMs: chance.pick([minute, 5 * minute]) },
    readBackoff: {
      minMs: 250,
      maxMs: chance.pick(
        files.some(isExtra) ? [2 * hour] : [minute, 5 * minute, 5 * minute, 10 * minute],
      ),
    },
    exitOnError: chance.happens(0.2),
    exitOnRetryFailure: exits,
    exitOnRefreshFailure: exits && chance.happens(0.5),
    initDeadlineMs: chance.happens(0.2) ? 10 * minute : undefined,
    revokeOnShutdown: chance.happens(0.5),
    killProbability: chance.pick([0, 0, 0.001, 0.004]),
    endsCalm: chance.happens(0.85),
  }
}

/** How long after all troubles something may still not be as it should: a request that hangs and the longest pause, twice where the token has to be asked after. */
export function patienceOf({ loginBackoff, readBackoff }: DayPlan): number {
  const longest = Math.max(loginBackoff.maxMs, readBackoff.maxMs, minute)
  return requestTimeoutMs + longest + minute + 15 * second
}

function planStore(chance: Chance): StoreTerms {
  const tokenTtlMs =
    chance.pick([60, 240, 360, 480, 480, 720, 720, 1440, Number.POSITIVE_INFINITY]) * minute
  const leaseTtlMs = chance.pick([60, 120, 240, 300, 480, 600, 720, 720]) * minute
  return {
    tokenTtlMs,
    tokenMaxMs: tokenTtlMs * chance.pick([1, 2.5, 10, Number.POSITIVE_INFINITY]),
    tokenRenewable: chance.happens(0.8),
    leaseTtlMs,
    leaseMaxMs: leaseTtlMs * chance.pick([1, 3.3, 20]),
    leaseRenewable: chance.happens(0.8),
    rotationMs: chance.pick([hour, 5 * hour, 10 * hour]),
    namesDeadTokens: chance.happens(0.5),
  }
}

/** A secret that may be missing all day is asked for as long. */
function isExtra({ parts }: FilePlan): boolean {
  return parts.includes('extra')
}

const mixtures: readonly (readonly Part[])[] = [
  ['kv'],
  ['kv'],
  ['lease'],
  ['lease'],
  ['kv', 'lease'],
  ['static'],
  ['other'],
  ['extra'],
]

/** `longestMs`: how long a secret may go without being read or renewed. */
function planFiles(chance: Chance, longestMs: number): readonly FilePlan[] {
  const count = chance.pick([1, 1, 1, 2, 2, 3])
  const files = Array.from({ length: count }, (_, index) =>
    planFile(chance, longestMs, `/secrets/${index}`),
  )
  const [first] = files
  if (first === undefined || !chance.happens(0.2)) return files
  return [...files, { ...first, destination: '/secrets/twin' }]
}

function planFile(chance: Chance, longestMs: number, destination: string): FilePlan {
  const parts = chance.pick(mixtures)
  return {
    destination,
    mode: chance.happens(0.5) ? 0o600 : undefined,
    parts,
    isOptional: parts.includes('extra'),
    command: chance.happens(0.4) ? chance.pick(['reload', `reload ${destination}`]) : undefined,
    wait: chance.happens(0.2)
      ? { minMs: 2 * second, maxMs: chance.pick([5, 10]) * second }
      : undefined,
    staleness: chance.happens(0.2)
      ? {
          maxMs: longestMs * chance.pick([1.1, 2]),
          action: chance.pick(['keep', 'remove', 'exit'] as const),
        }
      : undefined,
  }
}
