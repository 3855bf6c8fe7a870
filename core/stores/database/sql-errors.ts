/** What the errors of drivers mean. Of what servers say only codes are told: their texts quote values. */
import { AppError, type ErrorCode } from '../../errors.ts'

interface Meaning {
  readonly code: ErrorCode
  readonly reason?: string
  /** Whether another connection, or a newer password, may do better at once. */
  readonly kind?: 'credentials' | 'connection' | 'read-only'
}

const noTable = { code: 'store_refused', reason: 'there is no such table' } as const
const denied = { code: 'store_refused', reason: 'the user may not do that' } as const
const login = { code: 'store_refused', reason: 'the login failed', kind: 'credentials' } as const
const full = { code: 'store_busy', reason: 'too many connections' } as const
const lost = { code: 'store_unreachable', kind: 'connection' } as const
const standby = { code: 'store_busy', reason: 'the server only reads', kind: 'read-only' } as const
const inTheClear = { code: 'store_refused', reason: 'the server offers no TLS' } as const
const tooLong = { code: 'input_invalid', reason: 'larger than the column' } as const
const locked = { code: 'store_busy', reason: 'locked' } as const

/** SQLSTATE, mysql2's names, Node's codes, `SQLITE_` with SQLite's number. */
const meanings = new Map<string, Meaning>([
  ['28P01', login],
  ['28000', login],
  ['3D000', { code: 'store_refused', reason: 'there is no such database' }],
  ['42501', denied],
  ['42P01', noTable],
  ['42703', { code: 'store_refused', reason: 'the table lacks a column' }],
  ['22001', tooLong],
  ['25006', standby],
  ['40001', locked],
  ['40P01', locked],
  ['53300', full],
  ['57P01', lost],
  ['57P02', lost],
  ['57P03', { code: 'store_busy', reason: 'the server starts or ends' }],
  ['ER_ACCESS_DENIED_ERROR', login],
  ['ER_MUST_CHANGE_PASSWORD', login],
  ['ER_DBACCESS_DENIED_ERROR', denied],
  ['ER_TABLEACCESS_DENIED_ERROR', denied],
  ['ER_COLUMNACCESS_DENIED_ERROR', denied],
  ['ER_NO_SUCH_TABLE', noTable],
  ['ER_BAD_DB_ERROR', { code: 'store_refused', reason: 'there is no such database' }],
  ['ER_BAD_FIELD_ERROR', { code: 'store_refused', reason: 'the table lacks a column' }],
  ['ER_DATA_TOO_LONG', tooLong],
  ['ER_OPTION_PREVENTS_STATEMENT', standby],
  ['ER_CON_COUNT_ERROR', full],
  ['ER_TOO_MANY_USER_CONNECTIONS', full],
  ['ER_USER_LIMIT_REACHED', full],
  ['ER_LOCK_DEADLOCK', locked],
  ['ER_LOCK_WAIT_TIMEOUT', locked],
  ['ER_SERVER_SHUTDOWN', lost],
  ['HANDSHAKE_NO_SSL_SUPPORT', inTheClear],
  ['PROTOCOL_CONNECTION_LOST', lost],
  ['ABORT_ERR', { code: 'store_unreachable' }],
  ['ETIMEDOUT', { code: 'store_unreachable', reason: 'no answer in time' }],
  ['ECONNRESET', lost],
  ['EPIPE', lost],
  ['ERR_UNKNOWN_BUILTIN_MODULE', { code: 'store_incapable', reason: 'SQLite needs Node 24' }],
  ['SQLITE_5', locked],
  ['SQLITE_6', locked],
  ['SQLITE_8', { code: 'store_refused', reason: 'the file may only be read' }],
  ['SQLITE_11', { code: 'store_answer_invalid', reason: 'the file is damaged' }],
  ['SQLITE_14', { code: 'store_unreachable', reason: 'the file cannot be opened' }],
  ['SQLITE_26', { code: 'store_answer_invalid', reason: 'the file is no database' }],
])

/** Of drivers that say it in words alone. */
const phrases: readonly (readonly [RegExp, Meaning])[] = [
  [/^Connection terminated|^Client has encountered a connection error/, lost],
  [/^The server does not support SSL/, inTheClear],
  [/^no such table/, noTable],
  [/^no such column/, { code: 'store_refused', reason: 'the table lacks a column' }],
  [/timeout|timed out/i, { code: 'store_unreachable', reason: 'no answer in time' }],
  [/^SASL: /, login],
]

const duplicates = new Set(['23505', 'ER_DUP_ENTRY', 'SQLITE_1555', 'SQLITE_2067', 'SQLITE_19'])

/** Whether the row was there already. */
export function isDuplicate(thrown: unknown): boolean {
  return duplicates.has(codeOf(thrown) ?? '')
}

export interface SqlFailure {
  readonly error: AppError
  readonly kind: Meaning['kind']
}

export function describeSqlError(thrown: unknown): SqlFailure {
  if (thrown instanceof AppError) return { error: thrown, kind: undefined }
  const cause = codeOf(thrown)
  const text = messageOf(thrown)
  const { code, reason, kind } = meanings.get(cause ?? '') ??
    phrases.find(([pattern]) => pattern.test(text))?.[1] ?? { code: fallback(cause) }
  const facts = {
    ...(reason === undefined ? {} : { reason }),
    ...(cause === undefined ? {} : { cause }),
  }
  return { error: new AppError(code, facts, { cause: thrown }), kind }
}

/** What a server says itself is an answer, whatever it means; the rest are failures of the way to it. */
function fallback(cause: string | undefined): ErrorCode {
  if (cause === undefined || /^E[A-Z]|^CERT|^ERR_TLS|_CERT|_SSL_/.test(cause)) {
    return cause?.startsWith('ER_') === true ? 'store_refused' : 'store_unreachable'
  }
  if (/^(?:08|53|57|58|XX)/.test(cause)) return 'store_busy'
  return 'store_refused'
}

/** To be compared, never to be shown. */
function messageOf(thrown: unknown): string {
  return typeof thrown === 'object' && thrown !== null && 'message' in thrown
    ? String(thrown.message)
    : ''
}

function codeOf(thrown: unknown): string | undefined {
  if (typeof thrown !== 'object' || thrown === null) return undefined
  if ('errcode' in thrown && typeof thrown.errcode === 'number') return sqliteCode(thrown.errcode)
  const { code } = 'code' in thrown ? thrown : { code: undefined }
  return typeof code === 'string' && /^\w{1,60}$/.test(code) ? code : undefined
}

/** Extended codes have the plain one in their last byte; those of constraints are told as they are. */
function sqliteCode(errcode: number): string | undefined {
  const plain = errcode & 0xff
  if (plain === 1) return undefined
  return plain === 19 ? `SQLITE_${errcode}` : `SQLITE_${plain}`
}
