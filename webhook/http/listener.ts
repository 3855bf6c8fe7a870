/** The TLS server under the application: HTTP/1.1, and HTTP/2 where the dialect speaks it. */
import { createSecureServer, type Http2SecureServer } from 'node:http2'
import { createServer, type Server } from 'node:https'
import type { TlsSettings } from '../tls/options.ts'
import type { RequestHandler } from './app.ts'

export type Listener = Server | Http2SecureServer

/** The API server keeps idle connections for 90 s and does not retry a POST on one that we closed first. */
const keepAliveMs = 120_000

const http1 = {
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: keepAliveMs,
  // The server closes this much later than it announces; the announced time is what counts.
  keepAliveTimeoutBuffer: 1_000,
  // So that a client that stays for ever meets new replicas.
  maxRequestsPerSocket: 10_000,
} as const

/** All together; the API servers of a cluster need a few dozen. */
const maxConnections = 1_000

export interface ListenerOptions {
  readonly http2: boolean
  readonly tls: TlsSettings
}

export function createListener(options: ListenerOptions, handle: RequestHandler): Listener {
  const tls = { ...options.tls, handshakeTimeout: 5_000 }
  const listener = options.http2
    ? createHttp2(tls, handle)
    : createServer({ ...tls, ...http1 }, handle)
  listener.maxConnections = maxConnections
  return listener
}

function createHttp2(tls: TlsSettings, handle: RequestHandler): Http2SecureServer {
  const settings = { maxConcurrentStreams: 100 }
  const server = createSecureServer({ ...tls, allowHTTP1: true, settings }, handle)
  // Node.js reads these for HTTP/1.1 on this kind of server too, but does not take them as options.
  Object.assign(server, http1)
  server.on('session', (session) => session.setTimeout(keepAliveMs, () => session.close()))
  return server
}
