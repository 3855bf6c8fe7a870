/** The objects of one kind in a Kubernetes API, and evictions of them: pages, watches with resource versions and bookmarks, and everything that goes wrong with them. */
import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'
import { createServer, type Server } from 'node:https'
import { json } from 'node:stream/consumers'
import { KubeConfig } from '@kubernetes/client-node'
import { createTestCertificate } from './certificates.ts'

export interface ObjectInput {
  readonly labels?: Readonly<Record<string, string>>
  readonly annotations?: Readonly<Record<string, string>>
  /** Of the metadata. */
  readonly [more: string]: unknown
}

interface Event {
  readonly type: string
  readonly version: number
  readonly object: object
}

const certificate = createTestCertificate()

export class FakeObjects {
  /** `list` or `watch`, with the resource version or the token to continue. */
  readonly requests: string[] = []
  readonly accepts: string[] = []
  /** Paths and queries. */
  readonly urls: string[] = []
  /** Bodies of the evictions that were asked for. */
  readonly evictions: unknown[] = []
  /** Answers them with this status; with 201 the object is gone. */
  evictionStatus = 201
  /** Answers everything with this status. */
  fail: number | undefined
  /** Answers a watch from an older version than this with 410. */
  oldest = 0
  /** How a watch is told that it is outdated: by its status, or by an event. */
  expiry: 'status' | 'event' = 'status'
  #version = 100
  readonly #objects = new Map<string, object>()
  readonly #history: Event[] = []
  readonly #watches = new Set<ServerResponse>()
  #opened = 0
  readonly #watchers: { readonly count: number; readonly resolve: () => void }[] = []
  #server: Server | undefined
  #port = 0

  /** On the same port as before. */
  async start(): Promise<void> {
    const server = createServer(certificate.pair, (request, response) =>
      this.#answer(request, response),
    )
    this.#server = server
    server.listen(this.#port, '127.0.0.1')
    await once(server, 'listening')
    const address = server.address()
    this.#port = typeof address === 'object' ? (address?.port ?? 0) : 0
  }

  async stop(): Promise<void> {
    const server = this.#server
    if (server === undefined || !server.listening) return
    const closed = once(server, 'close')
    server.close()
    server.closeAllConnections()
    await closed
    this.#watches.clear()
  }

  /** When so many watches have begun. */
  opened(count: number): Promise<void> {
    return new Promise((resolve) => {
      if (this.#opened >= count) resolve()
      else this.#watchers.push({ count, resolve })
    })
  }

  get config(): KubeConfig {
    const config = new KubeConfig()
    const caData = Buffer.from(certificate.ca).toString('base64')
    config.loadFromClusterAndUser(
      { name: 'fake', server: `https://127.0.0.1:${this.#port}`, caData, skipTLSVerify: false },
      { name: 'fake', token: 'CANARY-token' },
    )
    return config
  }

  set(name: string, { labels = {}, annotations = {}, ...more }: ObjectInput = {}): void {
    const type = this.#objects.has(name) ? 'MODIFIED' : 'ADDED'
    const noted = { ...annotations, note: 'CANARY-annotation' }
    const metadata = { name, labels, annotations: noted, ...more }
    this.#change(type, name, {
      metadata: { ...metadata, resourceVersion: String(++this.#version) },
    })
  }

  remove(name: string): void {
    const { metadata } = Object(this.#objects.get(name) ?? { metadata: { name } })
    const resourceVersion = String(++this.#version)
    this.#change('DELETED', name, { metadata: { ...metadata, resourceVersion } })
  }

  bookmark(): void {
    const resourceVersion = String(++this.#version)
    this.#send('BOOKMARK', { metadata: { resourceVersion } })
  }

  /** A type that does not exist yet, and a line in two pieces. */
  sendOddities(): void {
    for (const response of this.#watches) {
      response.write('{"type":"FUTURE","object":{}}\n\n{"type":"BOOK')
      response.write(`MARK","object":{"metadata":{"resourceVersion":"${++this.#version}"}}}\n`)
    }
  }

  /** As the API server does after a while. */
  endWatches(): void {
    for (const response of this.#watches) response.end()
    this.#watches.clear()
  }

  /** As a network does. */
  cutWatches(): void {
    for (const response of this.#watches) response.destroy()
    this.#watches.clear()
  }

  /** Makes every version up to now too old. */
  forget(): void {
    this.oldest = ++this.#version
  }

  #change(type: string, name: string, object: object): void {
    if (type === 'DELETED') this.#objects.delete(name)
    else this.#objects.set(name, object)
    this.#history.push({ type, version: this.#version, object })
    this.#send(type, object)
  }

  #send(type: string, object: object): void {
    for (const response of this.#watches) response.write(`${JSON.stringify({ type, object })}\n`)
  }

  #answer(request: IncomingMessage, response: ServerResponse): void {
    if (request.method === 'POST') {
      void this.#evict(request, response)
      return
    }
    const url = new URL(request.url ?? '', 'https://fake')
    this.urls.push(request.url ?? '')
    const version = url.searchParams.get('resourceVersion') ?? ''
    const token = url.searchParams.get('continue') ?? ''
    const watches = url.searchParams.get('watch') === 'true'
    this.requests.push(watches ? `watch ${version}` : `list ${token}`.trim())
    this.accepts.push(request.headers.accept ?? '')
    const kind = watches ? 'PartialObjectMetadata' : 'PartialObjectMetadataList'
    if (this.fail !== undefined) refuse(response, this.fail)
    // Word for word: the API server answers everything else with 406.
    else if (request.headers.accept !== `application/json;as=${kind};g=meta.k8s.io;v=v1`)
      refuse(response, 406)
    else if (watches) this.#watch(response, Number(version))
    else this.#list(response, Number(token), Number(url.searchParams.get('limit')))
  }

  async #evict(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const eviction = Object(await json(request))
    this.urls.push(request.url ?? '')
    this.evictions.push(eviction)
    if (this.evictionStatus !== 201) return refuse(response, this.evictionStatus)
    response.writeHead(201, { 'content-type': 'application/json' }).end('{"status":"CANARY"}')
    this.remove(eviction.metadata.name)
  }

  #watch(response: ServerResponse, version: number): void {
    const outdated = version < this.oldest
    if (outdated && this.expiry === 'status') {
      refuse(response, 410)
      return
    }
    response.writeHead(200, { 'content-type': 'application/json' })
    response.flushHeaders()
    if (outdated) {
      const object = { kind: 'Status', code: 410, message: 'CANARY' }
      response.end(`${JSON.stringify({ type: 'ERROR', object })}\n`)
      return
    }
    for (const event of this.#history) {
      if (event.version <= version) continue
      response.write(`${JSON.stringify({ type: event.type, object: event.object })}\n`)
    }
    this.#watches.add(response)
    this.#opened += 1
    for (const { count, resolve } of this.#watchers) if (this.#opened >= count) resolve()
    response.once('close', () => this.#watches.delete(response))
  }

  #list(response: ServerResponse, from: number, limit: number): void {
    const all = [...this.#objects.values()]
    const end = from + limit
    const next = end < all.length ? { continue: String(end) } : {}
    const metadata = { resourceVersion: String(this.#version), ...next }
    const list = { kind: 'PartialObjectMetadataList', metadata, items: all.slice(from, end) }
    response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(list))
  }
}

function refuse(response: ServerResponse, status: number): void {
  response.writeHead(status, { 'content-type': 'application/json' })
  response.end(JSON.stringify({ kind: 'Status', message: 'CANARY', code: status }))
}
