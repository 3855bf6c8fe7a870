/** A status as a table that a person reads, or as JSON. */
import { markAge, markPoint, widthOf, withoutMarks } from './marked-text.ts'
import type { AgentStatus, FailureStatus, SecretStatus, StoreStatus } from './plan/status.ts'

/** What the agent does between two steps. */
export type Residence =
  | { readonly kind: 'hibernates'; readonly nextAt: number | undefined }
  /** `reason` as a person reads it. */
  | { readonly kind: 'stays'; readonly reason: string }

/** What the state says; `residence` is undefined where only the state is known. */
export interface ToldStatus {
  readonly agent: AgentStatus
  readonly residence: Residence | undefined
}

/** When the first secret ends; 0 where something is missing, too old or failing already, infinity where nothing ends. */
export function healthyUntil(status: AgentStatus): number {
  const { ready, files, secrets, stores, loginFailure } = status
  const isFresh = files.every(({ stale, commandPending }) => !stale && !commandPending)
  const hasFailed = [...secrets, ...stores].some(({ failure }) => failure !== undefined)
  if (!ready || loginFailure !== undefined || !isFresh || hasFailed) return 0
  return Math.min(...secrets.map(({ expiresAt }) => expiresAt ?? Number.POSITIVE_INFINITY))
}

/** With marks for its times, see `expandMarks`. */
export function formatMarkedStatus({ agent, residence }: ToldStatus): string {
  const secrets = agent.secrets.map(formatSecret)
  const files = agent.files.map(({ destination, rendered, stale, commandPending }) => [
    withoutMarks(destination),
    stale ? 'too old' : rendered ? 'rendered' : 'missing',
    commandPending ? 'pending' : '-',
  ])
  const stores = agent.stores.map(formatStore)
  const tables = [
    ...(stores.length === 0
      ? []
      : ['', ...formatTable([['STORE', 'TYPE', 'ASKED AGAIN', 'ERROR'], ...stores], widthOf)]),
    '',
    ...formatTable([['SECRET', 'KIND', 'AGE', 'NEXT', 'ENDS', 'ERROR'], ...secrets], widthOf),
    '',
    ...formatTable([['FILE', 'STATE', 'COMMAND'], ...files], widthOf),
  ]
  return [...formatHead(agent, residence), ...tables].map((line) => `${line}\n`).join('')
}

function formatHead(
  { ready, session, loginFailure }: AgentStatus,
  residence: Residence | undefined,
): readonly string[] {
  return [
    `ready    ${ready ? 'yes' : 'no'}`,
    `session  ${session === undefined ? 'none' : `ends ${markPoint(session.expiresAt)}`}`,
    ...(session === undefined ? [] : [`next     ${markPoint(session.dueAt)}`]),
    ...(loginFailure === undefined ? [] : [`login    failed: ${formatFailure(loginFailure)}`]),
    ...(residence === undefined ? [] : [`rests    ${formatResidence(residence)}`]),
  ]
}

function formatResidence(residence: Residence): string {
  return residence.kind === 'stays'
    ? `as a process: ${residence.reason}`
    : `without a process, next step ${markPoint(residence.nextAt)}`
}

function formatSecret(secret: SecretStatus): readonly string[] {
  return [
    withoutMarks(secret.path),
    secret.kind,
    secret.readAt === undefined ? '-' : markAge(secret.readAt),
    markPoint(secret.nextAt),
    markPoint(secret.expiresAt),
    formatFailure(secret.failure),
  ]
}

function formatStore({ name, type, failure }: StoreStatus): readonly string[] {
  const again = failure === undefined ? '-' : markPoint(failure.retryAt)
  return [withoutMarks(name), type, again, formatFailure(failure)]
}

/** Columns as wide as their widest cell, two spaces between them. */
export function formatTable(
  rows: readonly (readonly string[])[],
  width: (cell: string) => number = (cell) => cell.length,
): readonly string[] {
  const [head = []] = rows
  const widths = head.map((_, column) => Math.max(...rows.map((row) => width(row[column] ?? ''))))
  return rows.map((row) =>
    row
      .map((cell, column) => cell + ' '.repeat((widths[column] ?? 0) - width(cell)))
      .join('  ')
      .trimEnd(),
  )
}

export function formatFailure(failure: FailureStatus | undefined): string {
  if (failure === undefined) return '-'
  return failure.count === 1 ? failure.code : `${failure.code}, ${failure.count} times`
}

export function formatJsonStatus({ agent, residence }: ToldStatus): string {
  const rests =
    residence === undefined
      ? {}
      : {
          hibernates: residence.kind === 'hibernates',
          resident_because: residence.kind === 'stays' ? residence.reason : null,
        }
  return `${JSON.stringify({ ...toJson(agent), ...rests }, null, 2)}\n`
}

/** Times as RFC 3339. */
export function toJson(status: AgentStatus): object {
  const { ready, session, loginFailure, secrets, stores, files } = status
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
    stores: stores.map(({ name, type, failure }) => ({ name, type, failure: toFailure(failure) })),
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
