/** The HTTPS server: limits, certificate in use, drain. */
import { X509Certificate } from 'node:crypto'
import type { Socket } from 'node:net'
import type { Request, Response } from 'express'
import type { Clock } from '../../core/clock.ts'
import { AppError } from '../../core/errors.ts'
import type { WebhookDefaults } from '../inject/profiles.ts'
import type { Namespaces } from '../kube/namespaces.ts'
import type { Policy } from '../policy/policy.ts'
import { type Answer, admit, bodyLimit, refuse } from '../review/admission.ts'
import { chooseDialect, type Dialect } from '../review/dialect.ts'
import type { Refusal } from '../review/refusal.ts'
import type { ShedCause, Telemetry } from '../telemetry/telemetry.ts'
import type { TlsSettings } from '../tls/options.ts'
import type { KeyPair } from '../tls/source.ts'
import { createHandler } from './app.ts'
import { readBody } from './body.ts'
import { readDeadline } from './deadline.ts'
import { listenOn } from './listen.ts'
import { createListener, type Listener } from './listener.ts'
import { Load, type Ticket } from './load.ts'
import type { Page } from './page.ts'
import { Peers } from './peers.ts'

export interface ServerDeps {
  readonly defaults: WebhookDefaults
  /** What the operator allows at the moment. */
  readonly policy?: (() => Policy) | undefined
  /** The CA of the store at the moment, PEM. */
  readonly storeCa?: (() => string) | undefined
  /** Undefined where nobody watches them. */
  readonly namespaces?: Namespaces | undefined
  readonly telemetry: Telemetry
  readonly tls: TlsSettings
  /** Where the metrics are served on the same port; empty for nowhere. */
  readonly telemetryPath: string
  readonly clock: Clock
}

/** How long requests under way may take once the server is closing. */
const drainMs = 10_000

/** A review takes about a millisecond of the one thread there is: more at once only wait. */
const loadLimits = { requests: 400, bytes: 64 * 2 ** 20 }

/** A reason of its own: without one each abort makes an error, with its stack. */
const isRead = 'the body is read'

/** Half of what the listener takes. */
const connectionsOfOnePeer = 500

/**
 * Turned away before it is judged. The API server repeats a call of a webhook that was answered with 429 or 5xx and Retry-After,
 * within its own timeout, while `allowed: false` would be the last word for the user. Source: client-go, rest.Request.
 */
const shed: Readonly<Record<Exclude<ShedCause, 'connections'>, Refusal>> = {
  requests: {
    status: 429,
    reason: 'too many requests are under way',
    headers: { 'Retry-After': '1' },
  },
  bytes: {
    status: 429,
    reason: 'the bodies under way take too much memory',
    headers: { 'Retry-After': '1' },
  },
  deadline: {
    status: 503,
    reason: 'the body did not arrive in time',
    headers: { 'Retry-After': '1', Connection: 'close' },
  },
}

/** Serves from `listen` to `drain`; certificates may be exchanged at any time. */
export class WebhookServer {
  readonly #deps: ServerDeps
  readonly #dialect: Dialect
  readonly #listener: Listener
  readonly #load = new Load(loadLimits)
  readonly #peers = new Peers(connectionsOfOnePeer)
  /** Node's own list lacks connections whose handshake is not over. */
  readonly #sockets = new Set<Socket>()
  #validUntil = 0
  #draining = false

  constructor(deps: ServerDeps) {
    this.#deps = deps
    this.#dialect = chooseDialect(deps.defaults.profile.name)
    const handle = createHandler({
      dialect: this.#dialect,
      mutate: (request, response) => this.#mutate(request, response),
      send: (response, page) => this.#sendPage(response, page),
      isReady: () => this.ready,
      metrics: this.#describeMetrics(),
    })
    this.#listener = createListener({ http2: this.#dialect.http2, tls: deps.tls }, handle)
    this.#listener.on('connection', (socket: Socket) => this.#admitSocket(socket))
    this.#listener.on('drop', () => deps.telemetry.shed('connections'))
  }

  /** Serves new connections with this pair; those that exist stay. Throws `tls_invalid`, keeping the pair in use. */
  useCertificate({ cert, key }: KeyPair): void {
    try {
      const validUntil = Date.parse(new X509Certificate(cert).validTo)
      this.#listener.setSecureContext({ cert, key, ...this.#deps.tls })
      this.#validUntil = validUntil
      this.#deps.telemetry.certificateUsed(validUntil)
    } catch (thrown) {
      throw new AppError('tls_invalid', {}, { cause: thrown })
    }
  }

  /** Resolves to the address in use, `host:port`; port 0 takes a free one. Throws `config_invalid`. */
  async listen(host: string | undefined, port: number): Promise<string> {
    return listenOn(this.#listener, host, port)
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
    const closed = new Promise<void>((resolve) => this.#listener.close(() => resolve()))
    const stop = new AbortController()
    const late = this.#deps.clock.sleep(drainMs, stop.signal)
    await Promise.race([closed, late])
    stop.abort()
    for (const socket of this.#sockets) socket.destroy()
    await closed
  }

  #admitSocket(socket: Socket): void {
    const address = socket.remoteAddress ?? ''
    if (!this.#peers.enter(address)) {
      this.#deps.telemetry.shed('connections')
      socket.destroy()
      return
    }
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#peers.leave(address)
    })
  }

  #describeMetrics() {
    const { telemetryPath: path, telemetry } = this.#deps
    return path === '' ? undefined : { path, render: () => telemetry.render() }
  }

  /** The boundary of a request: whatever goes wrong ends here as a status 500. */
  async #mutate(request: Request, response: Response): Promise<void> {
    const { telemetry } = this.#deps
    const finish = telemetry.requestStarted()
    const ticket = this.#load.enter()
    try {
      const answer = await this.#answer(request, ticket)
      if (answer === undefined) return
      this.#send(response, answer)
      finish(answer.event)
    } catch (thrown) {
      telemetry.requestFailed(thrown)
      if (!response.headersSent) this.#sendPage(response, { status: 500, text: 'internal error' })
    } finally {
      ticket?.leave()
      finish(undefined)
    }
  }

  /** Undefined when there is nobody left to answer. */
  async #answer(request: Request, ticket: Ticket | undefined): Promise<Answer | undefined> {
    const dialect = this.#dialect
    if (ticket === undefined) return this.#shed('requests')
    const refusal = dialect.checkHead(request)
    if (refusal !== undefined) return refuse(dialect, refusal)
    const reading = await this.#readBody(request, ticket)
    switch (reading.kind) {
      case 'aborted':
        return undefined
      case 'too_large':
        return refuse(dialect, { status: 413, reason: 'the body is larger than 7 MiB' })
      case 'no_room':
        return this.#shed('bytes')
      case 'late':
        return this.#shed('deadline')
      case 'body':
        return this.#admit(reading.bytes)
    }
  }

  #admit(bytes: Buffer): Answer | Promise<Answer> {
    const { defaults, policy, storeCa, namespaces } = this.#deps
    const current = {
      ...defaults,
      ...(policy === undefined ? {} : { policy: policy() }),
      ...(storeCa === undefined ? {} : { caCert: storeCa() }),
    }
    return admit(bytes, { dialect: this.#dialect, defaults: current, namespaces })
  }

  async #readBody(request: Request, ticket: Ticket) {
    const length = request.headers['content-length']
    const deadline = new AbortController()
    const read = new AbortController()
    // Most bodies come with their heads and need no timer.
    const wait = setImmediate(async () => {
      await this.#deps.clock.sleep(readDeadline(request.url), read.signal)
      deadline.abort()
    })
    const reading = await readBody(request, {
      limit: bodyLimit,
      announced: length === undefined ? undefined : Number(length),
      reserve: ticket.reserve,
      deadline: deadline.signal,
    })
    clearImmediate(wait)
    read.abort(isRead)
    return reading
  }

  #shed(cause: Exclude<ShedCause, 'connections'>): Answer {
    this.#deps.telemetry.shed(cause)
    return refuse(this.#dialect, shed[cause])
  }

  #sendPage(response: Response, page: Page): void {
    const { status, text, contentType = 'text/plain; charset=utf-8' } = page
    const body = Buffer.from(contentType.includes('version=') || text === '' ? text : `${text}\n`)
    const errors = status >= 400 ? this.#dialect.errorHeaders : {}
    const headers = status === 204 ? {} : { 'Content-Type': contentType, ...errors }
    this.#send(response, { status, headers, body })
  }

  #send(response: Response, { status, headers, body }: Omit<Answer, 'event'>): void {
    const { Connection, ...rest } = headers
    const length = status === 204 ? {} : { 'Content-Length': body.length }
    const isHttp1 = response.req.httpVersionMajor === 1
    const closes = isHttp1 && (this.#draining || Connection === 'close')
    response.writeHead(status, { ...rest, ...length, ...(closes ? { Connection: 'close' } : {}) })
    response.end(body)
  }
}
