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
    const deadline = AbortSignal.timeout(timeoutMs)
    const bound = signal === undefined ? deadline : AbortSignal.any([deadline, signal])
    const first = await send(request, connect, bound)
    const { location } = first.headers
    if (!followRedirects || location === undefined || !redirects.has(first.status)) return first
    return send(redirect(request, location), connect, bound)
  }
}

function agentHeader(
  headers: Readonly<Record<string, string>>,
  userAgent: string,
): Readonly<Record<string, string>> {
  return { 'user-agent': userAgent, ...headers }
}

function send(request: RawRequest, connect: Connect, signal: AbortSignal): Promise<RawExchange> {
  const url = new URL(request.url)
  const facts = { address: url.origin, path: url.pathname }
  const { method, headers, body } = request
  const length = body === undefined ? {} : { 'content-length': String(body.length) }
  const options: RequestOptions = { method, headers: { ...headers, ...length }, signal }
  const attempt = (mayRepeat: boolean): Promise<RawExchange> =>
    new Promise((resolve, reject) => {
      const fail = (thrown: unknown) => reject(unreachable(thrown, signal, facts))
      const receive = (response: IncomingMessage) => {
        collect(response, { facts, method }).then(resolve, fail)
      }
      connect(url, options, receive).then((outgoing) => {
        outgoing.on('error', (thrown) => {
          if (mayRepeat && wasIdle(outgoing, thrown)) attempt(false).then(resolve, reject)
          else fail(thrown)
        })
        outgoing.end(body)
      }, fail)
    })
  return attempt(method === 'GET')
}

type Place = { readonly address: string; readonly path: string }

function unreachable(thrown: unknown, signal: AbortSignal, facts: Place): AppError {
  const late = signal.aborted && nameOf(signal.reason) === 'TimeoutError'
  if (!late || thrown instanceof AppError) return toAppError(thrown, 'store_unreachable', facts)
  return new AppError('store_unreachable', { ...facts, cause: 'ETIMEDOUT' }, { cause: thrown })
}

function nameOf(reason: unknown): unknown {
  return typeof reason === 'object' && reason !== null && 'name' in reason ? reason.name : undefined
}

/** The server closed a kept connection just as it was used again; nothing was asked of it then. Source: RFC 9110, section 9.2.2. */
function wasIdle({ reusedSocket, res }: ClientRequest & { res?: unknown }, thrown: Error): boolean {
  return reusedSocket && res == null && 'code' in thrown && thrown.code === 'ECONNRESET'
}

async function collect(
  response: IncomingMessage,
  { facts, method }: { readonly facts: Place; readonly method: string },
): Promise<RawExchange> {
  const { statusCode: status = 0, headers } = response
  const tooLarge = () =>
    new AppError('store_answer_invalid', { ...facts, reason: 'larger than 32 MiB' })
  if (method !== 'HEAD' && Number(headers['content-length'] ?? 0) > maxBodyBytes) {
    response.destroy()
    throw tooLarge()
  }
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxBodyBytes) throw tooLarge()
  }
  return { status, headers, body: Buffer.concat(chunks) }
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
