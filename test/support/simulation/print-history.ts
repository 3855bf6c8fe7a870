/** A recorded day as text, for whoever replays a seed. */
import type { AgentState } from '../../../agent/plan/state.ts'
import type { DayPlan } from './day-plan.ts'
import type { Entry } from './history.ts'
import type { Finding } from './invariants.ts'
import { hour } from './timetable.ts'

/** One line an entry, with the hours since the beginning; findings stand where they were made. */
export function printHistory(
  plan: DayPlan,
  entries: readonly Entry[],
  findings: readonly Finding[],
): string {
  const start = entries[0]?.at ?? 0
  const lines = entries.map(({ at, ...happening }) => ({
    hours: (at - start) / hour,
    text: JSON.stringify(happening, (_, value) => shorten(value, start)),
  }))
  const marks = findings.map(({ hours, rule, detail }) => ({
    hours,
    text: `*** ${rule}: ${detail}`,
  }))
  const sorted = [...lines, ...marks].sort((left, right) => left.hours - right.hours)
  const shown = sorted.map(({ hours, text }) => `${hours.toFixed(5)} ${text}`)
  return [JSON.stringify(plan), ...shown].join('\n')
}

/** Of a state only what is held and pending. */
function shorten(value: unknown, start: number): unknown {
  if (!isState(value)) return value
  const hours = (at: number | undefined) => (at === undefined ? undefined : (at - start) / hour)
  const { session, loginFailure, wasComplete } = value
  return {
    session: session && { token: session.token.reveal(), due: hours(session.dueAt) },
    loginFailure,
    secrets: Array.from(value.secrets.values(), ({ request, answer, due, expiresAt }) =>
      [request.path, answer.leaseId, due.kind, hours(due.at), hours(expiresAt)].join(' '),
    ),
    failures: Array.from(value.failures.values(), ({ path, count, code, retryAt }) =>
      [path, count, code, hours(retryAt)].join(' '),
    ),
    commands: [...value.commands],
    changes: [...value.changes.keys()],
    wasComplete,
  }
}

function isState(value: unknown): value is AgentState {
  return typeof value === 'object' && value !== null && 'wasComplete' in value && 'mounts' in value
}
