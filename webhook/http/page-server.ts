/** A few pages on a port of their own, without TLS: metrics, and the health of what has no other port. */
import { createServer, type Server } from 'node:http'
import type { ListenAddress } from '../config/kinds.ts'
import { listenOn } from './listen.ts'
import type { Page } from './page.ts'

/** Scrapers are few; each has one connection. */
const limits = {
  headersTimeout: 5_000,
  requestTimeout: 5_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: 60_000,
} as const

export class PageServer {
  readonly #server: Server

  /** Path → the page as it is now. */
  constructor(pages: ReadonlyMap<string, () => Promise<Page>>) {
    this.#server = createServer(limits, async (request, response) => {
      const [path = ''] = (request.url ?? '').split('?')
      const render = pages.get(path)
      if (render === undefined || !['GET', 'HEAD'].includes(request.method ?? '')) {
        response.writeHead(render === undefined ? 404 : 405).end()
        return
      }
      const { status, contentType = 'text/plain', text } = await render()
      response.writeHead(status, { 'Content-Type': contentType }).end(text)
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
