/** A table `secret(key, value, last_updated)` as a store, as Keep HQ has it. Values are text. */
import { createHash } from 'node:crypto'
import { AppError } from '../../errors.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import { chunksOf } from '../chunks.ts'
import { mergeMembers, requireText } from '../merged-members.ts'
import { capListing, createNameFilter, knownBeginning, refuseTags } from '../name-filter.ts'
import { createCalls, readEach } from '../read-each.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { ListQuery, Store, StorePorts, StoreRead, StoreWrite } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { type Connection, createConnection, type RunOptions } from './connection.ts'
import { isDuplicate } from './sql-errors.ts'
import { createStatements, parseTime, type Statements } from './statements.ts'

/** Of one statement. */
const mostKeys = 500
/** A secret that others write at the same time is tried again so often; in each round one of them is done. */
const mostTries = 64

interface Table {
  readonly store: string
  readonly connection: Connection
  readonly statements: Statements
  readonly now: () => number
}

/** Columns as the driver has them. */
interface Row {
  readonly value: unknown
  readonly time: unknown
}

/** Errors: `config_invalid`. */
export function openTable(settings: StoreSettings, ports: StorePorts): Store {
  const { name } = settings
  const { connection, statements } = inStore(name, () => {
    const made = createConnection(settings, ports)
    const tableName = settingOf(settings, 'table') ?? 'secret'
    return { connection: made, statements: createStatements(made.address.kind, tableName) }
  })
  const table = { store: name, connection, statements, now: ports.now }
  const at = createCalls(name)
  return {
    name,
    read: (reads, signal) => readAll(table, reads, signal),
    list: (query, signal) => at(query.prefix ?? '', () => list(table, query, signal)),
    write: (write, signal) => at(write.path, () => writeRow(table, write, signal)),
    delete: (path, _options, signal) =>
      at(path, async () => {
        checkKey(path)
        const { found } = await connection.run(statements.remove(path), change(signal))
        if (found === 0) throw new AppError('secret_missing')
      }),
    close: connection.close,
  }
}

/** Wrong settings are some store's. */
function inStore<T>(store: string, work: () => T): T {
  try {
    return work()
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const { code, facts, cause } = thrown
    throw new AppError(code, { store, ...facts }, { cause })
  }
}

/** All of them with one statement; where it fails, each of them does. */
async function readAll(table: Table, reads: readonly StoreRead[], signal: AbortSignal | undefined) {
  const paths = [...new Set(reads.map(({ path }) => path))].filter(isKey)
  const fetched = new Map<string, Promise<ReadonlyMap<string, Row>>>()
  for (const chunk of chunksOf(paths, mostKeys)) {
    const rows = signal?.aborted === true ? undefined : fetchRows(table, chunk, signal)
    // Whoever asks for one of them hears of the failure.
    rows?.catch(() => undefined)
    for (const path of chunk) if (rows !== undefined) fetched.set(path, rows)
  }
  const read = async ({ path, version }: StoreRead) => {
    checkKey(path)
    if (version !== undefined) {
      throw new AppError('input_invalid', { reason: 'rows have no versions' })
    }
    const row = (await fetched.get(path))?.get(path)
    if (row === undefined) throw new AppError('secret_missing')
    return answerOf(row)
  }
  return readEach(reads, { store: table.store, read, signal })
}

async function fetchRows(
  { connection, statements }: Table,
  paths: readonly string[],
  signal: AbortSignal | undefined,
): Promise<ReadonlyMap<string, Row>> {
  const { rows } = await connection.run(statements.select(paths), { isRead: true, signal })
  return new Map(
    rows.flatMap(([key, value, time]) => {
      const path = textOfColumn(key)
      return path === undefined ? [] : [[path, { value, time }] as const]
    }),
  )
}

function answerOf({ value, time }: Row): SecretAnswer {
  const bytes = requireBytes(value)
  const content = { kind: 'whole', bytes: heldBytes(bytes) } as const
  return storedAnswer({ content, version: hash(bytes, time) })
}

/** Of the content, with its time in it so that nobody finds a weak secret by its version. */
function hash(bytes: Uint8Array, time: unknown): string {
  return createHash('sha256').update(`${time}:`).update(bytes).digest('hex').slice(0, 32)
}

async function list(table: Table, query: ListQuery, signal: AbortSignal | undefined) {
  refuseTags(query, table.store)
  const fits = createNameFilter(query)
  const statement = table.statements.list(knownBeginning(query))
  const { rows } = await table.connection.run(statement, { isRead: true, signal })
  const entries = rows.flatMap(([key, time]) => {
    const path = textOfColumn(key)
    const changedAt = parseTime(time)
    if (path === undefined || !fits(path)) return []
    return [{ path, ...(changedAt === undefined ? {} : { changedAt }) }]
  })
  return capListing(entries, query.limit)
}

async function writeRow(
  table: Table,
  write: StoreWrite,
  signal: AbortSignal | undefined,
): Promise<undefined> {
  const { path, content } = write
  checkKey(path)
  refuseTags(write, table.store)
  const place = { store: table.store, path }
  for (let tried = 1; tried <= mostTries; tried++) {
    if (content.kind === 'whole') {
      const value = checkValue(requireText(content.bytes, place))
      if (await put(table, { path, value }, { isRead: false, signal })) return
    } else {
      const row = (await fetchRows(table, [path], signal)).get(path)
      const held = row === undefined ? undefined : requireBytes(row.value)
      const value = checkValue(requireText(mergeMembers(held, content.members, place), place))
      const expected = held === undefined ? null : requireText(held, place)
      if (await put(table, { path, value, expected }, { isRead: false, signal })) return
    }
  }
  throw new AppError('store_busy', { reason: 'others write the same secret' })
}

interface Put {
  readonly path: string
  readonly value: string
  /** Only where this is the value, null: where there is none. Default: whatever there is. */
  readonly expected?: string | null
}

/** Whether it was done; false where another writer was in between. */
async function put(
  { connection, statements, now }: Table,
  { path, value, expected }: Put,
  options: RunOptions,
): Promise<boolean> {
  const row = { path, value, at: now() }
  if (expected !== null) {
    const { found } = await connection.run(statements.update(row, expected), options)
    if (found > 0) return true
    if (expected !== undefined) return false
  }
  try {
    await connection.run(statements.insert(row), options)
    return true
  } catch (thrown) {
    if (thrown instanceof AppError && isDuplicate(thrown.cause)) return false
    throw thrown
  }
}

function change(signal: AbortSignal | undefined): RunOptions {
  return { isRead: false, signal }
}

function isKey(path: string): boolean {
  return path !== '' && path.trim() === path && path.length <= 255 && !path.includes('\0')
}

function checkKey(path: string): void {
  if (isKey(path)) return
  const reason = 'not a key: 1 to 255 characters, without white space around them'
  throw new AppError('input_invalid', { reason })
}

/** Not every server has a text with that in it. */
function checkValue(text: string): string {
  if (!text.includes('\0')) return text
  throw new AppError('input_invalid', { reason: 'a text with a NUL in it' })
}

function textOfColumn(value: unknown): string | undefined {
  if (typeof value === 'string') return value
  return value instanceof Uint8Array ? Buffer.from(value).toString('utf8') : undefined
}

function requireBytes(value: unknown): Uint8Array {
  if (typeof value === 'string') return Buffer.from(value)
  if (value instanceof Uint8Array) return value
  throw new AppError('store_answer_invalid', { reason: 'a value that is no text' })
}
