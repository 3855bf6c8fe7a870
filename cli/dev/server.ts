/** HTTP in front of the development store. */
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { acceptList, listMethod } from '../../agent/listener/list-method.ts'
import { toAppError } from '../../core/errors.ts'
import type { JsonObject } from '../../core/json.ts'
import { JsonSyntaxError, parseJson, stringifyJson } from '../../core/json.ts'
import type { Logger } from '../../core/log.ts'
import { errorFields } from '../../core/log.ts'
import { Secret } from '../../core/secret.ts'
import { type DevAnswer, type DevRequest, failure, Refusal } from './exchange.ts'
import { readSeconds } from './fields.ts'
import type { DevStore } from './store.ts'

export interface DevServerOptions {
  readonly store: DevStore
  /** An address, not a name. */
  readonly host: string
  /** 0 for any free one. */
  readonly port: number
  readonly logger?: Logger
}

export interface DevServer {
  /** `http://host:port` */
  readonly address: string
  /** Resolves when the last connection is closed; requests under way are cut off. */
  readonly close: () => Promise<void>
}

const bodyLimit = 8 * 1024 * 1024

/** Longer than clients keep a connection for the next request. */
const keepAliveMs = 120_000

/** Resolves when the server listens. Errors: `config_invalid` when the address is not to be had. */
export function startDevServer(options: DevServerOptions): Promise<DevServer> {
  const { host, port } = options
  const server = createServer(
    { noDelay: true, keepAliveTimeout: keepAliveMs },
    (request, response) => {
      respond(options, request).then(
        (answered) => send(response, answered),
        // The client went away in the middle of its request.
        () => response.destroy(),
      )
    },
  )
  acceptList(server)
  return new Promise((resolve, reject) => {
    server.once('error', (thrown) =>
      reject(toAppError(thrown, 'config_invalid', { listen: `${host}:${port}` })),
    )
    server.listen(port, host, () => resolve({ address: urlOf(server), close: () => close(server) }))
  })
}

async function respond(
  { store, logger }: DevServerOptions,
  request: IncomingMessage,
): Promise<DevAnswer> {
  const body = await readBody(request)
  try {
    return await store(readRequest(request, body))
  } catch (thrown) {
    if (thrown instanceof Refusal) return thrown.answer
    logger?.error('request failed', errorFields(thrown))
    return failure(500, 'internal error')
  }
}

/** Undefined when it is larger than the limit. */
async function readBody(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = []
  let length = 0
  for await (const chunk of request) {
    length += chunk.length
    if (length <= bodyLimit) chunks.push(chunk)
  }
  return length > bodyLimit ? undefined : Buffer.concat(chunks).toString('utf8')
}

function readRequest(request: IncomingMessage, body: string | undefined): DevRequest {
  if (body === undefined) throw new Refusal(413, 'http: request body too large')
  const token = readToken(request)
  return {
    method: request.method === listMethod ? 'LIST' : (request.method ?? ''),
    ...readUrl(request.url ?? ''),
    body: parseBody(body),
    wrapTtl: readSeconds(wrapTtl(request), 'X-Vault-Wrap-TTL'),
    ...(token === undefined ? {} : { token: new Secret(token) }),
  }
}

const prefix = '/v1/'

function readUrl(url: string): Pick<DevRequest, 'path' | 'query'> {
  const [encoded = '', search = ''] = url.split(/\?(.*)/s)
  if (!encoded.startsWith(prefix)) throw new Refusal(404, 'paths start with /v1/')
  try {
    const path = decodeURIComponent(encoded.slice(prefix.length))
    return { path, query: new Map(new URLSearchParams(search)) }
  } catch {
    throw new Refusal(400, 'the path is not percent-encoded UTF-8')
  }
}

function parseBody(text: string): JsonObject {
  if (text.trim() === '') return new Map()
  try {
    const parsed = parseJson(text)
    if (parsed instanceof Map) return parsed
  } catch (thrown) {
    if (!(thrown instanceof JsonSyntaxError)) throw thrown
  }
  throw new Refusal(400, 'error parsing JSON: failed to parse JSON input: expected an object')
}

function readToken({ headers }: IncomingMessage): string | undefined {
  const header = headers['x-vault-token']
  const bearer = /^Bearer (.+)$/i.exec(headers.authorization ?? '')?.[1]
  const token = typeof header === 'string' ? header : bearer
  return token === '' ? undefined : token
}

function wrapTtl({ headers }: IncomingMessage): string {
  const header = headers['x-vault-wrap-ttl']
  return typeof header === 'string' ? header : ''
}

function send(response: ServerResponse, { status, body }: DevAnswer): void {
  if (body === undefined) {
    response.writeHead(status, { 'cache-control': 'no-store' }).end()
    return
  }
  const bytes = Buffer.from(`${stringifyJson(body)}\n`)
  response.writeHead(status, {
    'cache-control': 'no-store',
    'content-type': 'application/json',
    'content-length': bytes.length,
  })
  response.end(bytes)
}

function close(server: Server): Promise<void> {
  return new Promise((resolve) => {
    server.close(() => resolve())
    server.closeAllConnections()
  })
}

function urlOf(server: Server): string {
  const bound = server.address()
  const { address, port, family }: AddressInfo =
    typeof bound === 'object' && bound !== null ? bound : { address: '', port: 0, family: '' }
  return `http://${family === 'IPv6' ? `[${address}]` : address}:${port}`
}
