/** Forms of `claviger status`. */
import type { AgentStatus } from '../../agent/plan/status.ts'
import { formatFailure, formatTable } from '../../agent/status-text.ts'
import { formatPoint, formatSpan } from '../../agent/time-text.ts'
import { type FileNeeds, listFilesOf } from '../cluster/pod-agent.ts'
import type { PodState } from './read-pods.ts'
import { describePod, type StatusRow } from './rows.ts'

interface Column {
  readonly heading: string
  readonly show: (row: StatusRow, now: number) => string
}

const column = (heading: string, show: Column['show']): Column => ({ heading, show })
const point = (at: number | undefined, now: number) =>
  at === undefined ? '-' : formatPoint(at, now)

const namespace = column('NAMESPACE', (row) => row.namespace)

/** What the table of a namespace shows, narrow enough for a terminal. */
const columns: readonly Column[] = [
  column('POD', ({ pod }) => pod),
  column('FORM', ({ form }) => form),
  column('AGENT', ({ agent, restarts }) => (restarts === 0 ? agent : `${agent} (${restarts}x)`)),
  column('SECRETS', ({ secrets }) => (secrets === undefined ? '-' : String(secrets))),
  column('OLDEST', ({ oldest }, now) => (oldest === undefined ? '-' : formatSpan(now - oldest))),
  column('NEXT', ({ next }, now) => point(next, now)),
  column('ENDS', ({ ends }, now) => point(ends, now)),
  column('ERROR', ({ problem }) => problem || '-'),
]

const wideColumns: readonly Column[] = [
  ...columns,
  column('NODE', ({ node }) => node || '-'),
  column('IMAGE', ({ image }) => image),
]

export interface TableOptions {
  /** Milliseconds since the epoch. */
  readonly now: number
  /** Whether pods of several namespaces may be in the list. */
  readonly allNamespaces: boolean
  readonly wide: boolean
  /** Columns of the terminal, which no line exceeds; undefined for any number. */
  readonly width: number | undefined
}

export function formatPods(
  states: readonly PodState[],
  { now, allNamespaces, wide, width = Number.POSITIVE_INFINITY }: TableOptions,
): string {
  const shown = [...(allNamespaces ? [namespace] : []), ...(wide ? wideColumns : columns)]
  const rows = states.map((state) => {
    const row = describePod(state)
    return shown.map(({ show }) => show(row, now))
  })
  const lines = formatTable([shown.map(({ heading }) => heading), ...rows])
  return lines.map((line) => `${shorten(line, width)}\n`).join('')
}

/** One pod with all its secrets; `files` is what its agent was told to write. */
export function formatPod(state: PodState, files: readonly FileNeeds[], now: number): string {
  const { namespace: place, pod, form, agent, restarts, problem } = describePod(state)
  const head = `${place}/${pod}: ${form}, ${agent}, ${restarts} restarts`
  const { report } = state
  if (report.kind === 'said') {
    return `${[head, ...formatReport(report.status, files, now)].join('\n')}\n`
  }
  const reasons = {
    silent: 'its agent tells nothing: it is a stock one, or keeps no state',
    stopped: 'none of its agent’s containers runs now',
    unreachable: problem,
  }
  return `${head}\n${reasons[report.kind]}\n`
}

function formatReport(
  { session, loginFailure, secrets, files: written }: AgentStatus,
  files: readonly FileNeeds[],
  now: number,
): readonly string[] {
  const login =
    session === undefined
      ? 'none'
      : `ends ${formatPoint(session.expiresAt, now)}, next ${formatPoint(session.dueAt, now)}`
  const failed = loginFailure === undefined ? '' : `, login failed: ${formatFailure(loginFailure)}`
  const rows = secrets.map(({ path, readAt, nextAt, expiresAt, failure }) => [
    path,
    listFilesOf(path, files).join(',') || '-',
    readAt === undefined ? '-' : formatSpan(now - readAt),
    formatPoint(nextAt, now),
    formatPoint(expiresAt, now),
    formatFailure(failure),
  ])
  const states = written.map(({ destination, rendered, stale, commandPending }) => [
    destination,
    stale ? 'too old' : rendered ? 'rendered' : 'missing',
    commandPending ? 'pending' : '-',
  ])
  return [
    `session: ${login}${failed}`,
    ...formatFilled(['SECRET', 'IN', 'AGE', 'NEXT', 'ENDS', 'ERROR'], rows),
    ...formatFilled(['FILE', 'STATE', 'COMMAND'], states),
  ]
}

function formatFilled(
  head: readonly string[],
  rows: readonly (readonly string[])[],
): readonly string[] {
  return rows.length === 0 ? [] : ['', ...formatTable([head, ...rows])]
}

function shorten(line: string, width: number): string {
  return line.length <= width ? line : `${line.slice(0, width - 1)}…`
}
