/** What the table needs of a database server; each kind of server has a module of its own, which is loaded when it is used. */

export type DatabaseKind = 'postgresql' | 'mysql' | 'sqlite'

/** `?` stands for a parameter; there is no other question mark in `sql`. */
export interface Statement {
  readonly sql: string
  readonly parameters: readonly string[]
}

export interface StatementResult {
  /** Columns in the order of the statement. */
  readonly rows: readonly (readonly unknown[])[]
  /** How many rows it found to change. */
  readonly found: number
}

export interface Database {
  /** Rejects with the driver's own errors, of which nothing but the code may be shown. */
  readonly run: (statement: Statement, signal: AbortSignal | undefined) => Promise<StatementResult>
  readonly close: () => Promise<void>
}

/** A server and who asks it. */
export interface DatabaseServer {
  readonly host: string
  readonly port: number
  /** A unix socket, or for PostgreSQL the directory that has it, in place of host and port. */
  readonly socketPath: string | undefined
  readonly database: string
  readonly user: string
  readonly password: string
  /** Undefined: in the clear. The server's certificate must be for `host`. */
  readonly tls: { readonly ca?: string | string[] } | undefined
  /** Connections at one time. */
  readonly connections: number
  /** Of a connection, and of a statement. */
  readonly timeoutMs: number
}

/** A connection that nobody used for so long is closed. */
export const idleMs = 30_000
