/** The metrics on a port of their own, without TLS, where `-metrics-listen` asks for it. */
import { createServer, type Server } from 'node:http'
import type { ListenAddress } from '../config/kinds.ts'
import { listenOn } from '../http/listen.ts'
import type { Telemetry } from './telemetry.ts'

/** Scrapers are few; each has one connection. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 60_000,
} as const

export class MetricsServer {
  readonly #server: Server

  constructor(telemetry: Telemetry) {
    this.#server = createServer(limits, async (request, response) => {
      const isMetrics = /^\/metrics(?:\?|$)/.test(request.url ?? '')
      if (!isMetrics || !['GET', 'HEAD'].includes(request.method ?? '')) {
        response.writeHead(isMetrics ? 405 : 404).end()
        return
      }
      const { contentType = '', text } = await telemetry.render()
      response.writeHead(200, { 'Content-Type': contentType }).end(text)
    })
    this.#server.maxConnections = 50
  }

  /** Resolves to the address in use. Throws `config_invalid`. */
  listen({ host, port }: ListenAddress): Promise<string> {
    return listenOn(this.#server, host, port)
  }

  async close(): Promise<void> {
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    this.#server.closeAllConnections()
    await closed
  }
}
