/** The routes, on express. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { Http2ServerRequest, Http2ServerResponse } from 'node:http2'
import express, { type Express, type Request, type Response } from 'express'
import type { Dialect } from '../review/dialect.ts'
import type { Page } from './page.ts'

export type RequestHandler = (
  request: IncomingMessage | Http2ServerRequest,
  response: ServerResponse | Http2ServerResponse,
) => void

export interface Routes {
  readonly dialect: Dialect
  readonly mutate: (request: Request, response: Response) => Promise<void>
  readonly send: (response: Response, page: Page) => void
  readonly isReady: () => boolean
  /** Where and what, when the metrics are served here; the path is none of `ownPaths`. */
  readonly metrics: { readonly path: string; readonly render: () => Promise<Page> } | undefined
}

/** One application for each version of HTTP: express puts its prototypes under requests and responses. */
export function createHandler(routes: Routes): RequestHandler {
  const [first, second] = [createApp(routes), createApp(routes)]
  Object.assign(second, {
    request: Object.create(Http2ServerRequest.prototype),
    response: Object.create(Http2ServerResponse.prototype),
  })
  return (request, response) => {
    if (request instanceof Http2ServerRequest) {
      // Express sets this property, which is read-only in HTTP/2.
      Object.defineProperty(response, 'req', { value: request, writable: true, configurable: true })
      // With the prototypes of above it is what express takes; its types know HTTP/1 only.
      second(request as unknown as Request, response as unknown as Response)
    } else {
      first(request, response as ServerResponse)
    }
  }
}

function createApp({ dialect, mutate, send, isReady, metrics }: Routes): Express {
  const app = express()
  app.disable('etag').disable('x-powered-by').set('query parser', false)
  app.enable('case sensitive routing').enable('strict routing')
  app.all('/mutate', mutate)
  app.get('/healthz', (_, response) => send(response, { status: 200, text: 'ok' }))
  app.get('/readyz', (_, response) => {
    send(response, isReady() ? { status: 200, text: 'ok' } : { status: 503, text: 'not ready' })
  })
  app.all(['/healthz', '/readyz'], (_, response) => {
    response.setHeader('Allow', 'GET, HEAD')
    send(response, { status: 405, text: 'method not allowed' })
  })
  // The stock path, for any method.
  app.all('/health/ready', (_, response) => {
    send(response, isReady() ? { status: 204, text: '' } : { status: 503, text: 'not ready' })
  })
  if (metrics !== undefined) {
    app.all(metrics.path, async (_, response) => send(response, await metrics.render()))
  }
  app.use((_: Request, response: Response) => {
    send(response, { status: 404, text: dialect.notFound })
  })
  return app
}
