/** A database that is reached anew where that may help: with a newer password, or after it has moved. */
import { readFileSync } from 'node:fs'
import { readTrimmed, requireTrimmed } from '../../credential-file.ts'
import { AppError, toAppError } from '../../errors.ts'
import { ownRoots } from '../../http/own-roots.ts'
import { durationOf, type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import type { Database, Statement, StatementResult } from './database.ts'
import { type DatabaseAddress, parseDatabaseUrl } from './database-url.ts'
import { describeSqlError, type SqlFailure } from './sql-errors.ts'

export interface Connection {
  readonly address: DatabaseAddress
  /** `isRead`: it may be done twice. Errors: those of a store, with the driver's as their cause. */
  readonly run: (statement: Statement, options: RunOptions) => Promise<StatementResult>
  readonly close: () => Promise<void>
}

export interface RunOptions {
  readonly isRead: boolean
  readonly signal: AbortSignal | undefined
}

const defaultTimeoutMs = 30_000
const defaultConnections = 2
/** A connection that was lost, and then a password that has changed meanwhile. */
const mostTries = 3

interface Opened {
  readonly database: Database
  readonly password: string
}

/** Connects with the first statement. Errors: `config_invalid`. */
export function createConnection(settings: StoreSettings, ports: StorePorts): Connection {
  const address = findAddress(settings, ports)
  let opened: Promise<Opened> | undefined
  const reset = async () => {
    const old = opened
    opened = undefined
    await old?.then(({ database }) => database.close()).catch(() => undefined)
  }
  const find = (): Promise<Opened> => {
    if (opened !== undefined) return opened
    const opening = open(settings, address, ports)
    opened = opening
    // What could not be opened is tried again the next time.
    opening.catch(() => {
      if (opened === opening) opened = undefined
    })
    return opening
  }
  /** Whether another try may do better; what would come to nothing but the same is closed. */
  const mend = async ({ kind }: SqlFailure, used: Opened, isRead: boolean): Promise<boolean> => {
    if (kind === 'connection') return isRead
    const isCurrent = (await opened) === used
    if (kind === 'read-only' && isCurrent) await reset()
    if (kind !== 'credentials') return false
    if (!isCurrent) return true
    if (readPassword(settings, address, ports) === used.password) return false
    await reset()
    return true
  }
  return {
    address,
    run: async (statement, { isRead, signal }) => {
      for (let tried = 1; ; tried++) {
        const used = await find()
        try {
          return await used.database.run(statement, signal)
        } catch (thrown) {
          const failure = describeSqlError(thrown)
          const isOver = tried === mostTries || signal?.aborted === true
          if (isOver || !(await mend(failure, used, isRead))) throw locate(failure.error, address)
        }
      }
    },
    close: reset,
  }
}

/** The error with where it was met, which nobody else knows: the address may come from a file or the environment. */
function locate(error: AppError, { kind, host, port, socketPath, database }: DatabaseAddress) {
  const { code, facts, cause } = error
  const server = socketPath ?? `${host}:${port}`
  const at = kind === 'sqlite' ? database : `${server}/${database}`
  return new AppError(code, { at, ...facts }, { cause })
}

/** The setting may not hold a password, which whoever reads the pod would see; a file and the environment may. */
function findAddress(settings: StoreSettings, { environment }: StorePorts): DatabaseAddress {
  const { name } = settings
  const given = settings.values.get('url')
  const urlPath = settingOf(settings, 'url_path', environment)
  const found =
    given ??
    (urlPath === undefined
      ? settingOf(settings, 'url', environment)
      : requireTrimmed(urlPath, 'config_invalid'))
  if (found === undefined) throw new AppError('config_invalid', { store: name, reason: 'no url' })
  const address = parseDatabaseUrl(found, given === undefined && urlPath === undefined)
  if (given !== undefined && address.password !== undefined) {
    const reason = 'a password in url: use password_path or url_path'
    throw new AppError('config_invalid', { store: name, reason })
  }
  return address
}

async function open(
  settings: StoreSettings,
  address: DatabaseAddress,
  ports: StorePorts,
): Promise<Opened> {
  const { kind, host, port, socketPath, database, user } = address
  if (kind === 'sqlite') {
    const { openSqlite } = await import('./sqlite.ts')
    return { database: openSqlite(database), password: '' }
  }
  const password = readPassword(settings, address, ports)
  const server = {
    ...{ host, port, socketPath, database, user, password },
    tls: await findTls(settings, address),
    connections: Number(settingOf(settings, 'connections') ?? defaultConnections),
    timeoutMs: durationOf(settings, 'timeout', defaultTimeoutMs),
  }
  if (kind === 'postgresql') {
    const { openPostgresql } = await import('./postgresql.ts')
    return { database: openPostgresql(server), password }
  }
  const { openMysql } = await import('./mysql.ts')
  return { database: openMysql(server), password }
}

/** As it is now. A file with the whole address is read anew, too. */
function readPassword(
  settings: StoreSettings,
  address: DatabaseAddress,
  { environment }: StorePorts,
): string {
  const path = settingOf(settings, 'password_path', environment)
  if (path !== undefined) return requireTrimmed(path, 'credentials_unavailable')
  const urlPath = settingOf(settings, 'url_path', environment)
  const text = urlPath === undefined ? undefined : readTrimmed(urlPath)
  const current = text === undefined ? address : parseDatabaseUrl(text, false)
  return current.password ?? ''
}

async function findTls(
  settings: StoreSettings,
  { host, socketPath, isInTheClear }: DatabaseAddress,
): Promise<{ readonly ca?: string | string[] } | undefined> {
  const isNear = socketPath !== undefined || /^(?:localhost|127(?:\.\d+){3}|::1)$/.test(host)
  const tls = settingOf(settings, 'tls') ?? (isNear || isInTheClear ? 'off' : 'verify')
  if (tls === 'off') return undefined
  const path = settingOf(settings, 'ca_cert')
  if (path === undefined) return ownRoots((await import('node:tls')).getCACertificates)
  try {
    return { ca: readFileSync(path, 'utf8') }
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
