/**
 * What the waiter of docs/waiter.md does when it starts its program as a child: state and event → next state and actions. Times are
 * milliseconds of CLOCK_BOOTTIME. Whoever drives it does the actions in their order and answers with events: after `watch` with `change` if a
 * file is already another, after `sleep` with `time` once that moment has come.
 */

export type Cause = 'start' | 'due' | 'hangup' | 'change' | 'connection' | 'crash' | 'end'

export type SignalName = 'SIGTERM' | 'SIGINT' | 'SIGQUIT' | 'SIGHUP' | 'SIGUSR1' | 'SIGUSR2'

/** What the program asks for when it ends. */
export interface LastWord {
  /** Undefined for never. */
  readonly due?: number
  /** How long a last start may take; without it there is none. */
  readonly endMs?: number
  /** `INODE:CTIME PATH` */
  readonly watched: readonly string[]
  /** `tcp IP PORT`, `unix PATH` */
  readonly sockets: readonly string[]
}

export type WaiterEvent =
  /** The program has ended with an exit code; `word` is what it wrote, if that was a last word. */
  | { readonly kind: 'exit'; readonly code: number; readonly word?: LastWord }
  /** A signal has ended the program. */
  | { readonly kind: 'crash'; readonly signal: number }
  /** Sent to the waiter. */
  | { readonly kind: 'signal'; readonly signal: SignalName }
  /** The moment of the latest `sleep` has come. */
  | { readonly kind: 'time' }
  | { readonly kind: 'change' }
  | { readonly kind: 'connection' }

export type WaiterAction =
  /** Start the program; `signal` is the one that ended its predecessor, else 0. */
  | {
      readonly kind: 'start'
      readonly cause: Cause
      readonly sleptMs: number
      readonly signal: number
    }
  | { readonly kind: 'forward'; readonly signal: SignalName }
  /** Of the program, by SIGKILL. */
  | { readonly kind: 'kill' }
  /** The one moment that is waited for, instead of any before; undefined: none. */
  | { readonly kind: 'sleep'; readonly until: number | undefined }
  /** Exactly these sockets, until the next `hold`: open those that are new and can be, close those that are missing. */
  | { readonly kind: 'hold'; readonly sockets: readonly string[] }
  /** Exactly these files, until the next start. */
  | { readonly kind: 'watch'; readonly files: readonly string[] }
  | { readonly kind: 'end'; readonly code: number }

interface Memory {
  /** Since the latest last word. */
  readonly crashes: number
  /** Of the latest last word. */
  readonly endMs: number | undefined
}

export type WaiterState =
  | (Memory & {
      readonly kind: 'running'
      /** SIGTERM or SIGINT was passed on to it. */
      readonly isStopping: boolean
      /** Started with cause `end`. */
      readonly isLast: boolean
      /** SIGHUP was passed on to it, perhaps too late. */
      readonly isHungUp: boolean
    })
  | (Memory & { readonly kind: 'resting'; readonly since: number })
  | (Memory & { readonly kind: 'pausing'; readonly since: number; readonly signal: number })
  | { readonly kind: 'ended'; readonly code: number }

export interface Transition {
  readonly state: WaiterState
  readonly actions: readonly WaiterAction[]
}

/** The moment of an event, and a number from 0 up to 1. */
export interface Moment {
  readonly now: number
  readonly chance: number
}

/** How long a program that was asked to end may take. */
export const stopMs = 30_000
export const maxCrashes = 6
const firstPauseMs = 1000
const longestPauseMs = 60_000

type State<Kind extends WaiterState['kind']> = Extract<WaiterState, { readonly kind: Kind }>

export function startWaiter(): Transition {
  return start({ crashes: 0, endMs: undefined }, { cause: 'start', sleptMs: 0, signal: 0 })
}

export function advance(state: WaiterState, event: WaiterEvent, moment: Moment): Transition {
  switch (state.kind) {
    case 'running':
      return advanceRunning(state, event, moment)
    case 'resting':
      return advanceResting(state, event, moment)
    case 'pausing':
      return advancePausing(state, event, moment)
    case 'ended':
      return { state, actions: [] }
  }
}

/** How long after its `crashes`-th crash in a row the program is started again. */
export function pauseAfter(crashes: number, chance: number): number {
  const half = Math.min(longestPauseMs, firstPauseMs * 2 ** (crashes - 1)) / 2
  return half + Math.floor(half * chance)
}

function advanceRunning(state: State<'running'>, event: WaiterEvent, moment: Moment): Transition {
  switch (event.kind) {
    case 'exit':
      return afterExit(state, event, moment)
    case 'crash':
      return afterCrash(state, event.signal, moment)
    case 'signal':
      return state.isLast ? { state, actions: [] } : passOn(state, event.signal, moment)
    case 'time':
      return killed()
    default:
      return { state, actions: [] }
  }
}

function afterExit(
  state: State<'running'>,
  { code, word }: Extract<WaiterEvent, { readonly kind: 'exit' }>,
  { now }: Moment,
): Transition {
  if (code !== 0 || word === undefined || state.isLast) return end(code)
  if (state.isStopping) {
    return word.endMs === undefined ? end(code) : startLast(word.endMs, now, quiet)
  }
  const memory: Memory = { crashes: 0, endMs: word.endMs }
  const hold: WaiterAction = { kind: 'hold', sockets: word.sockets }
  if (state.isHungUp) {
    const { state: next, actions } = start(memory, { ...quiet, cause: 'hangup' })
    return { state: next, actions: [hold, ...actions] }
  }
  return {
    state: { kind: 'resting', ...memory, since: now },
    actions: [hold, { kind: 'watch', files: word.watched }, { kind: 'sleep', until: word.due }],
  }
}

function afterCrash(state: State<'running'>, signal: number, { now, chance }: Moment): Transition {
  const { isLast, isStopping, endMs } = state
  const crashes = state.crashes + 1
  if (isLast) return end(128 + signal)
  if (isStopping && endMs !== undefined) return startLast(endMs, now, { sleptMs: 0, signal })
  if (isStopping || crashes >= maxCrashes) return end(128 + signal)
  return {
    state: { kind: 'pausing', crashes, endMs, since: now, signal },
    actions: [{ kind: 'sleep', until: now + pauseAfter(crashes, chance) }],
  }
}

function passOn(state: State<'running'>, signal: SignalName, { now }: Moment): Transition {
  const forward: WaiterAction = { kind: 'forward', signal }
  switch (signal) {
    case 'SIGQUIT':
    case 'SIGUSR1':
    case 'SIGUSR2':
      return { state, actions: [] }
    case 'SIGHUP':
      return { state: { ...state, isHungUp: true }, actions: [forward] }
    case 'SIGTERM':
    case 'SIGINT': {
      const sleep: readonly WaiterAction[] = state.isStopping
        ? []
        : [{ kind: 'sleep', until: now + stopMs }]
      return { state: { ...state, isStopping: true }, actions: [forward, ...sleep] }
    }
  }
}

function advanceResting(state: State<'resting'>, event: WaiterEvent, { now }: Moment): Transition {
  const how = { sleptMs: now - state.since, signal: 0 }
  switch (event.kind) {
    case 'time':
      return start(state, { ...how, cause: 'due' })
    case 'change':
    case 'connection':
      return start(state, { ...how, cause: event.kind })
    case 'signal':
      if (event.signal === 'SIGHUP') return start(state, { ...how, cause: 'hangup' })
      if (!asksToEnd(event.signal)) return { state, actions: [] }
      return state.endMs === undefined ? end(0) : startLast(state.endMs, now, how)
    default:
      return { state, actions: [] }
  }
}

function advancePausing(state: State<'pausing'>, event: WaiterEvent, { now }: Moment): Transition {
  const { signal, endMs } = state
  const how = { sleptMs: now - state.since, signal }
  if (event.kind === 'time') return start(state, { ...how, cause: 'crash' })
  if (event.kind !== 'signal' || !asksToEnd(event.signal)) return { state, actions: [] }
  return endMs === undefined ? end(128 + signal) : startLast(endMs, now, how)
}

function asksToEnd(signal: SignalName): boolean {
  return signal === 'SIGTERM' || signal === 'SIGINT'
}

interface How {
  readonly sleptMs: number
  readonly signal: number
}

const quiet: How = { sleptMs: 0, signal: 0 }

function start(
  { crashes, endMs }: Memory,
  { cause, sleptMs, signal }: How & { readonly cause: Cause },
): Transition {
  return {
    state: {
      kind: 'running',
      crashes,
      endMs,
      isStopping: false,
      isLast: cause === 'end',
      isHungUp: false,
    },
    actions: [
      { kind: 'sleep', until: undefined },
      { kind: 'start', cause, sleptMs, signal },
    ],
  }
}

function startLast(endMs: number, now: number, how: How): Transition {
  const { state, actions } = start({ crashes: 0, endMs }, { ...how, cause: 'end' })
  return { state, actions: [...actions, { kind: 'sleep', until: now + endMs }] }
}

/** It has not ended in time, and nothing is waited for any more. */
function killed(): Transition {
  const { state, actions } = end(128 + 9)
  return { state, actions: [{ kind: 'kill' }, ...actions] }
}

function end(code: number): Transition {
  return { state: { kind: 'ended', code }, actions: [{ kind: 'end', code }] }
}
