/** A status as a table that a person reads, or as JSON. */
import type { AgentStatus, FailureStatus, SecretStatus } from './plan/status.ts'

/** What the state says, and the moment on its timeline. */
export interface DatedStatus {
  readonly agent: AgentStatus
  readonly now: number
}

/** False while something is missing, too old, past its end, or failing. */
export function isHealthy(
  { ready, files, secrets, loginFailure }: AgentStatus,
  now: number,
): boolean {
  const isGood = ({ failure, expiresAt = Number.POSITIVE_INFINITY }: SecretStatus) =>
    failure === undefined && expiresAt > now
  const isFresh = files.every(({ stale, commandPending }) => !stale && !commandPending)
  return ready && loginFailure === undefined && isFresh && secrets.every(isGood)
}

export function formatStatus(
  { agent, now }: DatedStatus,
  { isJson }: { readonly isJson: boolean },
): string {
  return isJson ? `${JSON.stringify(toJson(agent), null, 2)}\n` : formatTables(agent, now)
}

function formatTables(agent: AgentStatus, now: number): string {
  const { session, loginFailure } = agent
  const until =
    session === undefined
      ? 'none'
      : `ends ${formatPoint(session.expiresAt, now)}, next ${formatPoint(session.dueAt, now)}`
  const secrets = agent.secrets.map((secret) => [
    secret.path,
    secret.kind,
    secret.readAt === undefined ? '-' : formatSpan(now - secret.readAt),
    formatPoint(secret.nextAt, now),
    formatPoint(secret.expiresAt, now),
    formatFailure(secret.failure),
  ])
  const files = agent.files.map(({ destination, rendered, stale, commandPending }) => [
    destination,
    stale ? 'too old' : rendered ? 'rendered' : 'missing',
    commandPending ? 'pending' : '-',
  ])
  return [
    `ready    ${agent.ready ? 'yes' : 'no'}`,
    `session  ${until}${loginFailure === undefined ? '' : `, login failed: ${formatFailure(loginFailure)}`}`,
    '',
    ...formatTable([['SECRET', 'KIND', 'AGE', 'NEXT', 'ENDS', 'ERROR'], ...secrets]),
    '',
    ...formatTable([['FILE', 'STATE', 'COMMAND'], ...files]),
    '',
  ].join('\n')
}

/** Columns as wide as their widest cell, two spaces between them. */
export function formatTable(rows: readonly (readonly string[])[]): readonly string[] {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => (row[column] ?? '').length)))
  return rows.map((row) =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd(),
  )
}

export function formatFailure(failure: FailureStatus | undefined): string {
  if (failure === undefined) return '-'
  return failure.count === 1 ? failure.code : `${failure.code}, ${failure.count} times`
}

/** `in 5m`, `2h ago`, `never`. */
export function formatPoint(at: number | undefined, now: number): string {
  if (at === undefined) return 'never'
  return at > now
    ? `in ${formatSpan(at - now)}`
    : at > now - 1000
      ? 'now'
      : `${formatSpan(now - at)} ago`
}

/** `3d4h`, `2h5m`, `90s`: the two largest units. */
export function formatSpan(ms: number): string {
  const seconds = Math.max(0, Math.round(ms / 1000))
  const units = [
    ['d', 86_400],
    ['h', 3600],
    ['m', 60],
    ['s', 1],
  ] as const
  const first = units.findIndex(([, size]) => seconds >= size)
  if (first === -1) return '0s'
  let left = seconds
  const parts = units.slice(first, first + 2).map(([name, size]) => {
    const count = Math.floor(left / size)
    left -= count * size
    return count === 0 ? '' : `${count}${name}`
  })
  return parts.join('')
}

/** Times as RFC 3339. */
export function toJson({ ready, session, loginFailure, secrets, files }: AgentStatus): object {
  return {
    ready,
    session:
      session === undefined
        ? null
        : {
            expires_at: toTime(session.expiresAt),
            due_at: toTime(session.dueAt),
            renewable: session.renewable,
          },
    login_failure: toFailure(loginFailure),
    secrets: secrets.map(({ path, kind, readAt, nextAt, expiresAt, failure }) => ({
      path,
      kind,
      read_at: toTime(readAt),
      next_at: toTime(nextAt),
      expires_at: toTime(expiresAt),
      failure: toFailure(failure),
    })),
    files: files.map(({ destination, rendered, stale, commandPending }) => ({
      destination,
      rendered,
      stale,
      command_pending: commandPending,
    })),
  }
}

function toFailure(failure: FailureStatus | undefined): object | null {
  if (failure === undefined) return null
  return { code: failure.code, count: failure.count, retry_at: toTime(failure.retryAt) }
}

function toTime(at: number | undefined): string | null {
  return at === undefined ? null : new Date(at).toISOString()
}
