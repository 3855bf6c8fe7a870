/** When the next step is due. */
import type { AgentState, Failure } from './state.ts'

/** Nothing is due sooner than this after a step: a store that answers nonsense must not be asked in a tight loop. */
const shortestPauseMs = 100

/** Milliseconds since the epoch; infinity when nothing will ever be due. */
export function nextWake(state: AgentState, now: number): number {
  const { session, loginFailure, failures } = state
  const points = [sessionPoint(session?.dueAt, loginFailure)]
  for (const [key, held] of state.secrets) {
    points.push(later(held.due.at, failures.get(key)))
  }
  for (const [key, failure] of failures) {
    if (!state.secrets.has(key)) points.push(failure.retryAt)
  }
  // Without a session nothing else can be done.
  const earliest = session === undefined ? (points[0] ?? now) : Math.min(...points)
  return Math.max(earliest, now + shortestPauseMs)
}

function sessionPoint(dueAt: number | undefined, failure: Failure | undefined): number {
  return later(dueAt ?? Number.POSITIVE_INFINITY, failure)
}

/** A failure puts off what is due to its own moment, and brings forward what was due much later. */
function later(dueAt: number, failure: Failure | undefined): number {
  return failure === undefined ? dueAt : failure.retryAt
}
