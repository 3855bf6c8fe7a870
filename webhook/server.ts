/** The HTTPS server: routes, limits, certificate in use, drain. */
import { X509Certificate } from 'node:crypto'
import { once } from 'node:events'
import { createServer, type Server } from 'node:https'
import type { Socket } from 'node:net'
import express, { type Express, type Request, type Response } from 'express'
import type { Clock } from '../core/clock.ts'
import { AppError, systemCode } from '../core/errors.ts'
import { errorFields, type Logger } from '../core/log.ts'
import { type Answer, admit, bodyLimit, checkHeaders, refuse } from './admission.ts'
import { readBody } from './body.ts'
import type { WebhookDefaults } from './inject/profiles.ts'
import type { Namespaces } from './kube/namespaces.ts'
import type { Policy } from './policy/policy.ts'
import { reportAdmission } from './telemetry.ts'
import type { KeyPair } from './tls/source.ts'

export interface ServerDeps {
  readonly defaults: WebhookDefaults
  /** What the operator allows at the moment. */
  readonly policy?: (() => Policy) | undefined
  /** Undefined where nobody watches them. */
  readonly namespaces?: Namespaces | undefined
  readonly logger: Logger
  readonly clock: Clock
}

/** The API server keeps idle connections for 90 s and does not retry a POST on one that we closed first. */
const keepAliveMs = 120_000
/** How long requests under way may take once the server is closing. */
const drainMs = 10_000

const limits = {
  minVersion: 'TLSv1.2',
  handshakeTimeout: 5_000,
  headersTimeout: 5_000,
  requestTimeout: 10_000,
  connectionsCheckingInterval: 1_000,
  keepAliveTimeout: keepAliveMs,
  // The server closes this much later than it announces; the announced time is what counts.
  keepAliveTimeoutBuffer: 1_000,
} as const

/** Serves from `listen` to `drain`; certificates may be exchanged at any time. */
export class WebhookServer {
  readonly #deps: ServerDeps
  readonly #server: Server
  /** Node's own list lacks connections whose handshake is not over. */
  readonly #sockets = new Set<Socket>()
  #validUntil = 0
  #draining = false

  constructor(deps: ServerDeps) {
    this.#deps = deps
    this.#server = createServer(limits, this.#createApp())
    this.#server.on('connection', (socket: Socket) => {
      this.#sockets.add(socket)
      socket.once('close', () => this.#sockets.delete(socket))
    })
  }

  /** Serves new connections with this pair; those that exist stay. Throws `tls_invalid`, keeping the pair in use. */
  useCertificate({ cert, key }: KeyPair): void {
    try {
      const validUntil = new X509Certificate(cert).validToDate.getTime()
      this.#server.setSecureContext({ cert, key, minVersion: limits.minVersion })
      this.#validUntil = validUntil
    } catch (thrown) {
      throw new AppError('tls_invalid', {}, { cause: thrown })
    }
  }

  /** Resolves to the address in use, `host:port`; port 0 takes a free one. Throws `config_invalid`. */
  async listen(host: string | undefined, port: number): Promise<string> {
    try {
      this.#server.listen(port, host)
      await once(this.#server, 'listening')
    } catch (thrown) {
      throw new AppError('config_invalid', { listen: port, cause: systemCode(thrown) ?? '' })
    }
    const address = this.#server.address()
    if (address === null || typeof address === 'string') throw new AppError('config_invalid')
    const { family, address: ip } = address
    return `${family === 'IPv6' ? `[${ip}]` : ip}:${address.port}`
  }

  /** Has a certificate that is still valid, knows the namespaces if it has to, and is not draining. */
  get ready(): boolean {
    const { clock, namespaces } = this.#deps
    return !this.#draining && clock.now() < this.#validUntil && namespaces?.synced !== false
  }

  /**
   * Turns unready, keeps serving for `delayMs` so that the endpoint disappears first, then answers what is under way and closes.
   * Every answer from here on closes its connection.
   */
  async drain(delayMs: number): Promise<void> {
    this.#draining = true
    await this.#deps.clock.sleep(delayMs)
    const closed = new Promise<void>((resolve) => this.#server.close(() => resolve()))
    const stop = new AbortController()
    const late = this.#deps.clock.sleep(drainMs, stop.signal)
    await Promise.race([closed, late])
    stop.abort()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #createApp(): Express {
    const app = express()
    app.disable('etag').disable('x-powered-by').set('query parser', false)
    app.post('/mutate', (request, response) => this.#mutate(request, response))
    app.all('/mutate', (_, response) => this.#refuseMethod(response, 'POST'))
    app.get('/healthz', (_, response) => this.#sendText(response, 200, 'ok'))
    app.get('/readyz', (_, response) =>
      this.ready ? this.#sendText(response, 200, 'ok') : this.#sendText(response, 503, 'not ready'),
    )
    app.all(['/healthz', '/readyz'], (_, response) => this.#refuseMethod(response, 'GET, HEAD'))
    app.use((_: Request, response: Response) => this.#sendText(response, 404, 'not found'))
    return app
  }

  /** The boundary of a request: whatever goes wrong ends here as a status 500. */
  async #mutate(request: Request, response: Response): Promise<void> {
    const { logger } = this.#deps
    const started = performance.now()
    try {
      const answer = await this.#answer(request)
      if (answer === undefined) return
      this.#send(response, answer)
      reportAdmission(logger, answer.event, performance.now() - started)
    } catch (thrown) {
      logger.error('request failed', errorFields(thrown))
      if (!response.headersSent) this.#sendText(response, 500, 'internal error')
    }
  }

  /** Undefined when there is nobody left to answer. */
  async #answer(request: Request): Promise<Answer | undefined> {
    const refusal = checkHeaders({
      contentType: request.headers['content-type'],
      contentEncoding: request.headers['content-encoding'],
    })
    if (refusal !== undefined) return refusal
    const reading = await readBody(request, bodyLimit)
    switch (reading.kind) {
      case 'aborted':
        return undefined
      case 'too_large':
        return refuse(413, 'the body is larger than 7 MiB')
      case 'body':
        return this.#admit(reading.bytes)
    }
  }

  #admit(bytes: Buffer): Answer | Promise<Answer> {
    const { defaults, policy, namespaces } = this.#deps
    const current = policy === undefined ? defaults : { ...defaults, policy: policy() }
    return admit(bytes, current, namespaces)
  }

  #refuseMethod(response: Response, allowed: string): void {
    response.setHeader('Allow', allowed)
    this.#sendText(response, 405, 'method not allowed')
  }

  #sendText(response: Response, status: number, text: string): void {
    const body = Buffer.from(`${text}\n`)
    this.#send(response, { status, contentType: 'text/plain; charset=utf-8', body })
  }

  #send(response: Response, { status, contentType, body }: Omit<Answer, 'event'>): void {
    response.writeHead(status, {
      'Content-Type': contentType,
      'Content-Length': body.length,
      ...(this.#draining ? { Connection: 'close' } : {}),
    })
    response.end(body)
  }
}
