/** Why an agent stays between two steps: the one table of the reasons, and the decision. */
import type { AgentConfig } from '../config/agent-config.ts'

interface ReasonRow {
  /** As the log and `status` say it. */
  readonly text: string
  /** Comes and goes with what the agent does: it is logged at debug. */
  readonly isPassing: boolean
}

const lasting = (text: string): ReasonRow => ({ text, isPassing: false })
const passing = (text: string): ReasonRow => ({ text, isPassing: true })

export const residentReasons = {
  no_waiter: lasting('no waiter started it'),
  switched_off: lasting('claviger.hibernate is false'),
  exits: lasting('it ends once everything is rendered'),
  supervises: lasting('it supervises a process'),
  no_state: lasting('claviger.state_path is not configured'),
  clock: lasting('/proc/uptime is not the clock of the waiter'),
  store_watched: lasting('it watches a store for changes; with watch=false it asks at intervals'),
  no_socket: lasting('the waiter does not hold the sockets of its listeners'),
  unkept: lasting('its configuration cannot be kept beside CLAVIGER_STATUS_FILE'),
  many_sockets: lasting('it has more than 8 listeners'),
  many_files: lasting('it watches more than 512 files'),
  long_word: lasting('the paths that it watches are too long together'),
  odd_path: lasting('a path that it watches or listens at has a line break'),
  ended: passing('it has ended'),
  ending: passing('it was asked to end'),
  command: passing('a command runs or is to run'),
  unwritten: passing('a file could not be written'),
  credentials: passing('it holds credentials of a login that failed'),
  listener_busy: passing('its listener is in use'),
  leases_kept: passing('it renews leases of its callers'),
  soon: passing('the next step is due in less than 20 s'),
} as const satisfies Readonly<Record<string, ReasonRow>>

export type ResidentReason = keyof typeof residentReasons

/** A start of Node takes more than it saves when the next step is nearer. */
export const shortestSleepMs = 20_000

export interface ListenerUse {
  /** A request is under way, or the last was not long ago. */
  readonly isBusy: boolean
  /** Leases or tokens of callers are kept and renewed. */
  readonly keepsLeases: boolean
}

/** What is the case between two steps. */
export interface RestFacts {
  readonly config: AgentConfig
  readonly hasWaiter: boolean
  /** Whether the waiter counts on the clock that the agent reads. */
  readonly isClockShared: boolean
  readonly isEnding: boolean
  /** Nothing follows. */
  readonly isLast: boolean
  /** A command runs, waits, or is to be tried again. */
  readonly hasCommands: boolean
  readonly hasUnwritten: boolean
  /** Credentials that are in no state yet. */
  readonly hasCredentials: boolean
  readonly listener: ListenerUse
  /** All listeners are open on sockets that the waiter holds. */
  readonly hasSockets: boolean
  /** Changes of some store's secrets are watched for. */
  readonly isWatching: boolean
  readonly sleepMs: number
}

type Check = readonly [ResidentReason, (facts: RestFacts) => boolean]

/** In the order in which they are told: what lasts before what passes. */
const checks: readonly Check[] = [
  ['no_waiter', ({ hasWaiter }) => !hasWaiter],
  ['switched_off', ({ config }) => !config.own.hibernate],
  ['exits', ({ config }) => config.exitAfterAuth],
  ['supervises', ({ config }) => config.exec !== undefined],
  ['no_state', ({ config }) => config.own.statePath === undefined],
  ['clock', ({ isClockShared }) => !isClockShared],
  ['store_watched', ({ isWatching }) => isWatching],
  ['no_socket', ({ hasSockets }) => !hasSockets],
  ['ended', ({ isLast }) => isLast],
  ['ending', ({ isEnding }) => isEnding],
  ['command', ({ hasCommands }) => hasCommands],
  ['unwritten', ({ hasUnwritten }) => hasUnwritten],
  ['credentials', ({ hasCredentials }) => hasCredentials],
  ['listener_busy', ({ listener }) => listener.isBusy],
  ['leases_kept', ({ listener }) => listener.keepsLeases],
  ['soon', ({ sleepMs }) => sleepMs < shortestSleepMs],
]

/** The first reason to stay; undefined: the agent hibernates. */
export function whyResident(facts: RestFacts): ResidentReason | undefined {
  return checks.find(([, holds]) => holds(facts))?.[0]
}
