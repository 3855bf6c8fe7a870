/** Addresses of databases, as our settings and as Keep HQ's SQLAlchemy write them. */
import { resolve } from 'node:path'
import { AppError } from '../../errors.ts'
import type { DatabaseKind } from './database.ts'

export interface DatabaseAddress {
  readonly kind: DatabaseKind
  readonly host: string
  readonly port: number
  readonly socketPath: string | undefined
  /** Of SQLite its file, absolute. */
  readonly database: string
  readonly user: string
  /** Undefined: none is given. */
  readonly password: string | undefined
  /** Whether the address itself says that nothing is encrypted. */
  readonly isInTheClear: boolean
}

const kinds = new Map<string, { readonly kind: DatabaseKind; readonly port: number }>([
  ['postgresql', { kind: 'postgresql', port: 5432 }],
  ['postgres', { kind: 'postgresql', port: 5432 }],
  ['mysql', { kind: 'mysql', port: 3306 }],
  ['mariadb', { kind: 'mysql', port: 3306 }],
])

/**
 * `KIND[+DRIVER]://[USER[:PASSWORD]@]HOST[:PORT]/DATABASE[?…]` or `sqlite:///PATH`. Of what may follow `?`, `host`, `unix_socket`
 * and `socket` name a unix socket, `sslmode=disable` and `ssl_disabled=true` leave out encryption; the rest has no meaning here.
 * `isKeep`: as SQLAlchemy has it, where a file of SQLite is relative unless it has four slashes, and where of a user and a password
 * nothing but `@` has to be escaped.
 * Errors: `config_invalid`, without the text, which may hold a password.
 */
export function parseDatabaseUrl(text: string, isKeep: boolean): DatabaseAddress {
  const [, scheme = '', given = ''] = /^([a-z]+)(?:\+[a-z0-9_]+)?:(.*)$/s.exec(text.trim()) ?? []
  if (scheme === 'sqlite') return parseFile(given, isKeep)
  const rest = isKeep ? escapeUser(given) : given
  const known = kinds.get(scheme)
  // The rules of some schemes, such as http, are their own: an empty host or the usual port is dropped. None has a user of no host.
  const address = `db:${rest.replace(/^(\/\/[^/?#]*@)(?=[/:])/, '$1socket')}`
  if (known === undefined || !rest.startsWith('//') || !URL.canParse(address)) throw invalid()
  const url = new URL(address)
  const query = url.searchParams
  const database = decode(url.pathname.slice(1))
  if (database === '') throw invalid()
  const sockets = [query.get('host'), query.get('unix_socket'), query.get('socket')]
  const socketPath = sockets.find((path) => path?.startsWith('/') === true) ?? undefined
  const [, authority = ''] = /^\/\/([^/?#]*)/.exec(rest) ?? []
  const hasHost = /^[^:]/.test(authority.slice(authority.lastIndexOf('@') + 1))
  if (!hasHost && socketPath === undefined) throw invalid()
  return {
    kind: known.kind,
    host: hasHost ? url.hostname.replace(/^\[(.*)\]$/, '$1') : '',
    port: url.port === '' ? known.port : Number(url.port),
    socketPath,
    database,
    user: decode(url.username),
    password: url.password === '' ? undefined : decode(url.password),
    isInTheClear:
      query.get('sslmode') === 'disable' || /^(?:true|1)$/i.test(query.get('ssl_disabled') ?? ''),
  }
}

/** Source: SQLAlchemy, lib/sqlalchemy/engine/url.py. */
function escapeUser(rest: string): string {
  return rest.replace(
    /^\/\/([^:/]*)(?::([^@]*))?@/,
    (_, user: string, password?: string) =>
      `//${requote(user)}${password === undefined ? '' : `:${requote(password)}`}@`,
  )
}

/** Python leaves an escape that is none as it is. */
function requote(text: string): string {
  const plain = text.replace(/(?:%[0-9a-f]{2})+/gi, (bytes) =>
    Buffer.from(bytes.replaceAll('%', ''), 'hex').toString(),
  )
  return encodeURIComponent(plain)
}

function parseFile(rest: string, isRelative: boolean): DatabaseAddress {
  const [path = ''] = rest.split('?')
  const file = isRelative ? /^\/\/\/(.*)$/.exec(path)?.[1] : path.replace(/^\/\//, '')
  if (file === undefined || file === '' || file === ':memory:') throw invalid()
  return {
    kind: 'sqlite',
    host: '',
    port: 0,
    socketPath: undefined,
    database: resolve(file),
    user: '',
    password: undefined,
    isInTheClear: true,
  }
}

function decode(text: string): string {
  try {
    return decodeURIComponent(text)
  } catch {
    throw invalid()
  }
}

function invalid(): AppError {
  const expected = 'postgresql://USER@HOST/DATABASE, mysql://…, mariadb://… or sqlite:///PATH'
  return new AppError('config_invalid', { reason: 'not the address of a database', expected })
}
