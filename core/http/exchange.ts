/** One request and its answer: a deadline for both, a cap on the answer, one redirect; no retries but of what went to a connection that was closed while it was idle. */
import type { ClientRequest, IncomingHttpHeaders, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { type Clock, systemClock } from '../clock.ts'
import { AppError, toAppError } from '../errors.ts'
import { type Connect, type ConnectorOptions, createConnector } from './connector.ts'
import { createRateLimit, type RateLimit } from './rate-limit.ts'

export interface ExchangeOptions extends ConnectorOptions {
  /** Whole exchange, milliseconds, a redirect included; Vault's own default is 60 s. */
  readonly timeoutMs: number
  /** Whether one redirect is followed, wherever it leads unless from https to http. Default true. */
  readonly followRedirects?: boolean
  /** Default: as many requests as are due. */
  readonly rateLimit?: RateLimit
  /** Sent where a request has none of its own. */
  readonly userAgent?: string
  readonly clock?: Clock
}

export interface RawRequest {
  readonly method: string
  /** `http://` or `https://`. */
  readonly url: string
  readonly headers: Readonly<Record<string, string>>
  readonly body?: Buffer
  /** Whether it may be sent again over a new connection when the old one turns out to be closed. Default: a GET may. */
  readonly isIdempotent?: boolean
}

/** What the store answered, before anybody looks into it. */
export interface RawExchange {
  readonly status: number
  /** Names in lower case. */
  readonly headers: IncomingHttpHeaders
  readonly body: Buffer
}

/** Rejects with `store_unreachable`, `store_answer_invalid` or `tls_invalid`; any status is an answer. `signal` ends it early. */
export type Exchange = (request: RawRequest, signal?: AbortSignal) => Promise<RawExchange>

/** As large as the largest request that Vault takes. */
export const maxBodyBytes = 32 * 1024 * 1024

const redirects = new Set([301, 302, 307, 308])

/** An exchange with its own connections. */
export function createExchange(options: ExchangeOptions): Exchange {
  const { clock = systemClock, followRedirects = true, rateLimit, timeoutMs, userAgent } = options
  const connect = createConnector(options)
  const admit = rateLimit === undefined ? undefined : createRateLimit(rateLimit, clock)
  return async (asked, signal) => {
    await admit?.()
    const request =
      userAgent === undefined ? asked : { ...asked, headers: agentHeader(asked.headers, userAgent) }
    const ending = new Ending(timeoutMs, signal)
    try {
      const first = await send(request, connect, ending)
      const { location } = first.headers
      if (!followRedirects || location === undefined || !redirects.has(first.status)) return first
      return await send(redirect(request, location), connect, ending)
    } finally {
      ending.clear()
    }
  }
}

/** `setTimeout` fires at once for delays above this. */
const longestTimerMs = 2 ** 31 - 1

type EndCause = 'ETIMEDOUT' | 'ABORT_ERR'

/**
 * Time, or who asked, ends an exchange early. By a plain timer: a signal and what Node loads for it would be a good part of an agent's
 * start. A request that waits for its turn or for a proxy's tunnel says nothing when it is destroyed, so its caller is told beside it.
 */
class Ending {
  readonly #timer: NodeJS.Timeout
  readonly #signal: AbortSignal | undefined
  readonly #abort = () => this.#end('ABORT_ERR')
  #outgoing: ClientRequest | undefined
  #fail: ((thrown: Error) => void) | undefined
  #cause: EndCause | undefined

  constructor(ms: number, signal: AbortSignal | undefined) {
    this.#timer = setTimeout(() => this.#end('ETIMEDOUT'), Math.min(ms, longestTimerMs))
    this.#signal = signal
    signal?.addEventListener('abort', this.#abort)
    if (signal?.aborted === true) this.#abort()
  }

  /** Undefined while it has not ended early. */
  get cause(): EndCause | undefined {
    return this.#cause
  }

  /** `outgoing` is what is under way from now on. */
  watch(outgoing: ClientRequest, fail: (thrown: Error) => void): void {
    this.#outgoing = outgoing
    this.#fail = fail
    if (this.#cause !== undefined) this.#end(this.#cause)
  }

  clear(): void {
    clearTimeout(this.#timer)
    this.#signal?.removeEventListener('abort', this.#abort)
  }

  #end(cause: EndCause): void {
    this.#cause ??= cause
    const error = new Error('the exchange was ended')
    this.#outgoing?.destroy(error)
    this.#fail?.(error)
  }
}

function agentHeader(
  headers: Readonly<Record<string, string>>,
  userAgent: string,
): Readonly<Record<string, string>> {
  return { 'user-agent': userAgent, ...headers }
}

function send(request: RawRequest, connect: Connect, ending: Ending): Promise<RawExchange> {
  const url = new URL(request.url)
  const facts = { address: url.origin, path: url.pathname }
  const { method, headers, body } = request
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const options: RequestOptions = { method, headers: { ...headers, ...length } }
  const attempt = (mayRepeat: boolean): Promise<RawExchange> =>
    new Promise((resolve, reject) => {
      const fail = (thrown: unknown) => reject(unreachable(thrown, ending, facts))
      if (ending.cause !== undefined) return fail(new Error('the exchange was ended'))
      const receive = (response: IncomingMessage) => {
        collect(response, { facts, method }).then(resolve, fail)
      }
      connect(url, options, receive).then((outgoing) => {
        outgoing.on('error', (thrown) => {
          if (mayRepeat && wasIdle(outgoing, thrown)) attempt(false).then(resolve, reject)
          else fail(thrown)
        })
        ending.watch(outgoing, fail)
        outgoing.end(body)
      }, fail)
    })
  return attempt(request.isIdempotent ?? method === 'GET')
}

type Place = { readonly address: string; readonly path: string }

function unreachable(thrown: unknown, { cause }: Ending, facts: Place): AppError {
  if (cause === undefined || thrown instanceof AppError) {
    return toAppError(thrown, 'store_unreachable', facts)
  }
  return new AppError('store_unreachable', { ...facts, cause }, { cause: thrown })
}

/** The server closed a kept connection just as it was used again; nothing was asked of it then. Source: RFC 9110, section 9.2.2. */
function wasIdle({ reusedSocket, res }: ClientRequest & { res?: unknown }, thrown: Error): boolean {
  return reusedSocket && res == null && 'code' in thrown && thrown.code === 'ECONNRESET'
}

/** By its events: to iterate over a stream takes more of a start than to read it. */
function collect(
  response: IncomingMessage,
  { facts, method }: { readonly facts: Place; readonly method: string },
): Promise<RawExchange> {
  const { statusCode: status = 0, headers } = response
  return new Promise((resolve, reject) => {
    const chunks: Buffer[] = []
    let length = 0
    const add = (chunk: Buffer) => {
      chunks.push(chunk)
      length += chunk.length
      if (length > maxBodyBytes) refuse()
    }
    const refuse = () => {
      reject(new AppError('store_answer_invalid', { ...facts, reason: 'larger than 32 MiB' }))
      response.destroy()
    }
    response.on('error', reject)
    if (method !== 'HEAD' && Number(headers['content-length'] ?? 0) > maxBodyBytes) return refuse()
    response.on('data', add)
    response.on('end', () => resolve({ status, headers, body: Buffer.concat(chunks) }))
    response.on('close', () => reject(new AppError('store_unreachable', facts)))
  })
}

/**
 * A standby names the active node by an address that need not be known here, so any host is followed, as Vault's own client
 * does; the token must not follow from https to http.
 */
function redirect(request: RawRequest, location: string): RawRequest {
  const from = new URL(request.url)
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (target === undefined || !mayFollow(from, target)) {
    const reason = 'a redirect that is not followed'
    throw new AppError('store_answer_invalid', {
      address: from.origin,
      path: from.pathname,
      reason,
    })
  }
  return { ...request, url: target.href }
}

function mayFollow(from: URL, target: URL): boolean {
  const secure = target.protocol === 'https:'
  if (target.username !== '' || target.password !== '') return false
  return secure || (target.protocol === 'http:' && from.protocol === 'http:')
}
