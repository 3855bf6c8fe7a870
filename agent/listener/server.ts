/** One listener: its server, its socket, its certificates. */
import { once } from 'node:events'
import type { Server, ServerOptions } from 'node:http'
import type { Server as TlsServer } from 'node:https'
import type { Clock } from '../../core/clock.ts'
import { AppError, systemCode } from '../../core/errors.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import type { ListenerConfig } from '../config/listener-config.ts'
import type { createHandler } from './handler.ts'
import { acceptList } from './list-method.ts'
import { freeSocket, ownSocket } from './socket-file.ts'
import { readListenerTls } from './tls-options.ts'

export interface OpenListener {
  /** `host:port`, with the port in use, or the path of the socket. */
  readonly address: string
  readonly reload: () => void
  readonly close: () => Promise<void>
}

/** Source: Vault Agent, headers in 10 s, a request in 30 s, 5 min between two. */
const timeouts = {
  headersTimeout: 10_000,
  requestTimeout: 30_000,
  keepAliveTimeout: 300_000,
  connectionsCheckingInterval: 10_000,
} as const satisfies ServerOptions

const maxConnections = 1_024
/** What is under way when the listener closes has so long to end. */
const closingMs = 1_000

export interface ServerDeps {
  readonly handle: ReturnType<typeof createHandler>
  readonly onConnection: () => void
  /** Of a socket that listens there already; undefined: one is opened. */
  readonly descriptor: number | undefined
  readonly logger: Logger
  readonly clock: Clock
}

/** Errors: `listen_failed`, `tls_invalid`. */
export async function openListener(
  config: ListenerConfig,
  deps: ServerDeps,
): Promise<OpenListener> {
  const server = await createServer(config, deps)
  server.maxConnections = maxConnections
  acceptList(server)
  server.on('connection', deps.onConnection)
  const address = await listen(server, config, deps.descriptor).catch((thrown: unknown) => {
    server.close()
    throw thrown
  })
  return {
    address,
    reload: () => reloadTls(server, config, deps.logger),
    close: () => close(server, deps.clock),
  }
}

async function createServer({ tls }: ListenerConfig, { handle }: ServerDeps) {
  if (tls === undefined) {
    const http = await import('node:http')
    return http.createServer(timeouts, handle)
  }
  const https = await import('node:https')
  const options = { ...readListenerTls(tls), ...timeouts, handshakeTimeout: 10_000 }
  try {
    return https.createServer(options, handle)
  } catch (thrown) {
    throw new AppError('tls_invalid', { path: tls.certPath, cause: systemCode(thrown) ?? '' })
  }
}

async function listen(
  server: Server | TlsServer,
  { address }: ListenerConfig,
  descriptor: number | undefined,
): Promise<string> {
  const place = address.kind === 'unix' ? address.path : `${address.host}:${address.port}`
  try {
    if (descriptor !== undefined) server.listen({ fd: descriptor })
    else if (address.kind === 'unix') {
      freeSocket(address.path)
      server.listen(address.path)
    } else server.listen(address.port, address.host)
    await once(server, 'listening')
  } catch (thrown) {
    throw new AppError('listen_failed', { listen: place, cause: systemCode(thrown) ?? '' })
  }
  if (address.kind === 'unix') {
    ownSocket(address)
    return place
  }
  const bound = server.address()
  return typeof bound === 'object' && bound !== null ? `${address.host}:${bound.port}` : place
}

/** A certificate that cannot be used is logged, and the old one stays. */
function reloadTls(server: Server | TlsServer, { tls }: ListenerConfig, logger: Logger): void {
  if (tls === undefined || !('setSecureContext' in server)) return
  try {
    server.setSecureContext(readListenerTls(tls))
    logger.info('listener certificate reloaded', { path: tls.certPath })
  } catch (thrown) {
    const fields = errorFields(thrown)
    logger.error('listener certificate refused', { ...fields, path: tls.certPath })
  }
}

async function close(server: Server | TlsServer, clock: Clock): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  server.closeIdleConnections()
  const done = new AbortController()
  await Promise.race([closed, clock.sleep(closingMs, done.signal)])
  done.abort()
  server.closeAllConnections()
  await closed
}
