/** When the next step is due. */
import { namedStore } from '../../core/template/secret-request.ts'
import type { AgentConfig } from '../config/agent-config.ts'
import { changeDueAt } from './change.ts'
import { resting } from './failure.ts'
import type { AgentState, Failure } from './state.ts'
import { mayAsk, quietUntil } from './stores.ts'

/** Nothing is due sooner than this after a step: a store that answers nonsense must not be asked in a tight loop. */
const shortestPauseMs = 100

/** Milliseconds on the timeline; infinity when nothing will ever be due. */
export function nextWake(config: AgentConfig, state: AgentState, now: number): number {
  const points = [
    ...sessionPoints(config, state),
    commandWake(state, now),
    ...secretPoints(state),
    ...restPoints(state, now),
    ...filePoints(config, state),
  ]
  return Math.max(Math.min(...points), now + shortestPauseMs)
}

/** Whether the token or a secret is due at `now`, or overdue, and can be asked for. */
export function isAskedNow(state: AgentState, now: number): boolean {
  const { session, loginFailure, secrets, failures } = state
  const isTokenDue = (session?.dueAt ?? Number.POSITIVE_INFINITY) <= now
  if (isTokenDue && !resting(loginFailure, now)) return true
  return [...secrets].some(
    ([key, { due, request }]) =>
      due.at <= now && !resting(failures.get(key), now) && mayAsk(state, namedStore(request), now),
  )
}

function sessionPoints({ auth }: AgentConfig, { session, loginFailure }: AgentState): number[] {
  if (auth === undefined) return [Number.POSITIVE_INFINITY]
  if (session === undefined) return [loginFailure?.retryAt ?? 0]
  return [later(session.dueAt ?? Number.POSITIVE_INFINITY, loginFailure)]
}

function secretPoints(state: AgentState): number[] {
  const { secrets, failures } = state
  const held = Array.from(secrets, ([key, { request, due }]) =>
    askableAt(state, namedStore(request), later(due.at, failures.get(key))),
  )
  const missing = [...failures].filter(([key]) => !secrets.has(key))
  return [...held, ...missing.map(([, { store, retryAt }]) => askableAt(state, store, retryAt))]
}

/** What nobody has asked for yet may wait for the end of a rest. */
function restPoints({ stores }: AgentState, now: number): number[] {
  return [...stores.values()].flatMap(({ failure }) =>
    failure !== undefined && failure.retryAt > now ? [failure.retryAt] : [],
  )
}

/** Without a session nothing of Vault can be read; what a store's rest puts off waits for its end. */
function askableAt(state: AgentState, store: string | undefined, at: number): number {
  if (store !== undefined) return Math.max(at, quietUntil(state, store))
  return state.session === undefined ? Number.POSITIVE_INFINITY : at
}

function filePoints({ templates, own }: AgentConfig, state: AgentState): number[] {
  // Without a session and without another store nothing can have changed.
  if (state.session === undefined && own.stores.size === 0) return []
  const held = templates.flatMap(({ destination, wait }) => {
    const change = state.changes.get(destination)
    return wait === undefined || change === undefined ? [] : [changeDueAt(change, wait)]
  })
  if (state.session === undefined) return held
  return [...held, ...Array.from(state.sinkFailures.values(), ({ retryAt }) => retryAt)]
}

/** When a command that failed is tried again; one that is due by now runs after the step, and its end wakes the agent. */
export function commandWake({ commands }: AgentState, now: number): number {
  const points = Array.from(commands.values(), ({ failure }) => failure?.retryAt ?? 0)
  return Math.min(Number.POSITIVE_INFINITY, ...points.filter((at) => at > now))
}

/** A failure puts off what is due to its own moment, and brings forward what was due much later. */
function later(dueAt: number, failure: Failure | undefined): number {
  return failure === undefined ? dueAt : failure.retryAt
}
