/** HTTP for node-vault on node:https (node:http for a plain address) alone: keep-alive, deadlines, a response cap, one redirect; no retries (the agent's plan owns those) but of what went to a connection that was closed while it was idle. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import type { SecureContextOptions } from 'node:tls'
import { AppError, toAppError } from '../errors.ts'
import { parseRetryAfter } from './retry-after.ts'

/** What Vault answered, before anybody looks into it. */
export interface RawAnswer {
  readonly status: number
  readonly text: string
  readonly retryAfterMs: number | undefined
}

/** What node-vault hands to its request function. */
export interface VaultRequest {
  readonly uri: string
  readonly method: string
  readonly headers: Readonly<Record<string, string>>
  /** The body, already serialized. */
  readonly json?: string
}

/** What node-vault expects back; `statusCode` and `request.path` are all it looks at. */
export interface VaultResponse {
  readonly statusCode: number
  readonly body: RawAnswer
  readonly request: { readonly path: string }
}

export type VaultTransport = (request: VaultRequest) => Promise<VaultResponse>

export interface TransportOptions {
  /** PEM bundle and client certificate; absent parts fall back to the system's roots and none. */
  readonly tls: Pick<SecureContextOptions, 'ca' | 'cert' | 'key'>
  readonly serverName?: string
  readonly skipVerify: boolean
  /** Whole exchange, milliseconds; Vault's own default is 60 s. */
  readonly timeoutMs: number
  /** The variables that name a proxy, as they are set; none unless given. */
  readonly proxy?: ProxyVariables
}

const proxyNames = ['HTTP_PROXY', 'HTTPS_PROXY', 'NO_PROXY'] as const
export type ProxyVariables = Readonly<Record<string, string>>

/** Those of an environment, in capitals or not. Source: curl and Go, which read the same. */
export function pickProxy(
  environment: Readonly<Record<string, string | undefined>>,
): ProxyVariables {
  const names = proxyNames.flatMap((name) => [name, name.toLowerCase()])
  return Object.fromEntries(
    names.flatMap((name) => {
      const value = environment[name]
      return value === undefined || value === '' ? [] : [[name, value]]
    }),
  )
}

const maxAnswerBytes = 32 * 1024 * 1024
const redirects = new Set([301, 302, 307, 308])

/** A transport with its own connection pool; errors are `store_unreachable` and `store_answer_invalid`. */
export function createTransport(options: TransportOptions): VaultTransport {
  const start = createStarter(options)
  const exchange = (request: VaultRequest) => send(request, start, options.timeoutMs)
  return async (request) => {
    const first = await exchange(request)
    const answer =
      first.location === undefined ? first : await exchange(redirect(request, first.location))
    return {
      statusCode: answer.raw.status,
      body: answer.raw,
      request: { path: new URL(request.uri).pathname },
    }
  }
}

type Receive = (response: IncomingMessage) => void
type Start = (url: URL, options: RequestOptions, receive: Receive) => Promise<ClientRequest>

/** TLS is loaded with the first https request: it is a large part of what the agent loads. */
function createStarter(options: TransportOptions): Start {
  const starters = new Map<string, Promise<Start>>()
  return async (url, ...rest) => {
    const load = url.protocol === 'https:' ? startHttps : startHttp
    const starter = starters.get(url.protocol) ?? load(options)
    starters.set(url.protocol, starter)
    return (await starter)(url, ...rest)
  }
}

async function startHttp({ proxy = {} }: TransportOptions): Promise<Start> {
  const { Agent, request } = await import('node:http')
  const agent = new Agent({ keepAlive: true, proxyEnv: proxy })
  return async (url, options, receive) => request(url, { ...options, agent }, receive)
}

async function startHttps(options: TransportOptions): Promise<Start> {
  const { tls, serverName, skipVerify, proxy = {} } = options
  const { Agent, request } = await import('node:https')
  const agent = new Agent({
    ...tls,
    keepAlive: true,
    proxyEnv: proxy,
    minVersion: 'TLSv1.2',
    rejectUnauthorized: !skipVerify,
    ...(serverName === undefined ? {} : { servername: serverName }),
  })
  return async (url, options, receive) => request(url, { ...options, agent }, receive)
}

interface Exchange {
  readonly raw: RawAnswer
  readonly location: string | undefined
}

function send(request: VaultRequest, start: Start, timeoutMs: number): Promise<Exchange> {
  const url = new URL(request.uri)
  const facts = { address: url.origin, path: url.pathname }
  const body = request.json === undefined ? undefined : Buffer.from(request.json)
  const options: RequestOptions = {
    method: request.method,
    headers: {
      ...request.headers,
      ...(body === undefined
        ? {}
        : { 'content-type': 'application/json', 'content-length': String(body.length) }),
    },
    signal: AbortSignal.timeout(timeoutMs),
  }
  const attempt = (mayRepeat: boolean): Promise<Exchange> =>
    new Promise((resolve, reject) => {
      const fail = (thrown: unknown) => reject(toAppError(thrown, 'store_unreachable', facts))
      const receive = (response: IncomingMessage) => {
        collect(response, facts).then(resolve, fail)
      }
      start(url, options, receive).then((outgoing) => {
        outgoing.on('error', (thrown) => {
          if (mayRepeat && wasIdle(outgoing, thrown)) attempt(false).then(resolve, reject)
          else fail(thrown)
        })
        outgoing.end(body)
      }, fail)
    })
  return attempt(request.method === 'GET')
}

/** The server closed a kept connection just as it was used again; nothing was asked of it then. Source: RFC 9110, section 9.2.2. */
function wasIdle({ reusedSocket, res }: ClientRequest & { res?: unknown }, thrown: Error): boolean {
  return reusedSocket && res == null && 'code' in thrown && thrown.code === 'ECONNRESET'
}

async function collect(
  response: IncomingMessage,
  facts: { readonly address: string; readonly path: string },
): Promise<Exchange> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of response) {
    chunks.push(chunk)
    length += chunk.length
    if (length > maxAnswerBytes) {
      throw new AppError('store_answer_invalid', { ...facts, reason: 'larger than 32 MiB' })
    }
  }
  const status = response.statusCode ?? 0
  return {
    raw: {
      status,
      text: Buffer.concat(chunks).toString('utf8'),
      retryAfterMs: parseRetryAfter(response.headers['retry-after']),
    },
    location: redirects.has(status) ? response.headers.location : undefined,
  }
}

/** A standby names the active node; the token must not follow it from https to http. */
function redirect(request: VaultRequest, location: string): VaultRequest {
  const from = new URL(request.uri)
  const target = URL.canParse(location, from.href) ? new URL(location, from) : undefined
  if (target === undefined || (from.protocol === 'https:' && target.protocol !== 'https:')) {
    throw new AppError('store_answer_invalid', {
      address: from.origin,
      path: from.pathname,
      reason: 'a redirect that is not followed',
    })
  }
  return { ...request, uri: target.href }
}
