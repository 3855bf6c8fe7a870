/** From a request on a connection to its written answer: reads within bounds, hands on, writes. */
import type { IncomingMessage, ServerResponse } from 'node:http'
import { maxBodyBytes } from '../../core/http/exchange.ts'
import { errorFields, type Logger } from '../../core/log.ts'
import { type Budget, readBody, readHead } from './caller-request.ts'
import { errorPage, type Page } from './page.ts'
import type { Respond } from './routes.ts'

/** What all listeners of an agent take on together. */
export interface Load {
  requests: number
  /** When somebody connected, asked or was answered last. */
  lastAt: number
  readonly budget: Budget
}

/** Under way at one time; more are turned away with 503. */
const maxRequests = 256

export interface HandlerDeps {
  readonly respond: Respond
  readonly load: Load
  readonly logger: Logger
  readonly now: () => number
}

export function createHandler({ respond, load, logger, now }: HandlerDeps) {
  return (request: IncomingMessage, response: ServerResponse): void => {
    const gone = new AbortController()
    response.on('close', () => gone.abort())
    load.requests++
    answer(request, { respond, load, signal: gone.signal })
      .catch((thrown: unknown) => {
        if (!gone.signal.aborted) logger.error('listener failed', errorFields(thrown))
        return errorPage(500, 'internal error')
      })
      .then((page) => write(response, page, request.method === 'HEAD'))
      .finally(() => {
        load.requests--
        load.lastAt = now()
      })
  }
}

interface Handling {
  readonly respond: Respond
  readonly load: Load
  readonly signal: AbortSignal
}

async function answer(
  request: IncomingMessage,
  { respond, load, signal }: Handling,
): Promise<Page> {
  if (load.requests > maxRequests) return busyPage()
  const head = readHead(request)
  if (head === undefined) return errorPage(400, 'the path is not one that can be passed on')
  const reading = await readBody(request, maxBodyBytes, load.budget)
  switch (reading.kind) {
    case 'too_large':
      return errorPage(413, 'the body is larger than 32 MiB')
    case 'no_room':
      return busyPage()
    case 'body':
      try {
        return await respond({ ...head, body: reading.body }, signal)
      } finally {
        load.budget.give(reading.body.length)
      }
  }
}

function busyPage(): Page {
  const page = errorPage(503, 'too many requests at one time')
  return { ...page, headers: { ...page.headers, 'retry-after': '1' } }
}

/** The answer to a HEAD keeps the length that the store gave it, which is none here. */
function write(response: ServerResponse, page: Page, isHead: boolean): void {
  const { status, headers, body, after } = page
  const length = isHead && body.length === 0 ? {} : { 'content-length': String(body.length) }
  response.writeHead(status, { ...headers, ...length })
  response.end(isHead ? undefined : body, () => after?.())
}
