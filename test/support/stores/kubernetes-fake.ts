/** The part of the Kubernetes API that Secrets need, as strict as the real one about what it is asked. */
import { once } from 'node:events'
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { meetFault, refuse, send } from './kubernetes-fake-answers.ts'
import type { FaultName } from './store-peer.ts'

interface SecretObject {
  readonly apiVersion: 'v1'
  readonly kind: 'Secret'
  readonly metadata: {
    readonly name: string
    readonly namespace: string
    readonly resourceVersion: string
    readonly creationTimestamp: string
    readonly labels?: Readonly<Record<string, string>>
  }
  readonly type: string
  readonly data: Readonly<Record<string, string>>
}

type EventType = 'ADDED' | 'MODIFIED' | 'DELETED'

interface Watcher {
  readonly name: string
  readonly send: (type: string, object: unknown) => void
  readonly end: () => void
}

export interface FakeKubernetes {
  readonly server: string
  readonly namespace: string
  /** What requests must bear from now on. */
  token: string
  fault: FaultName | undefined
  /** Resource versions up to this one are forgotten: a watch from them is told 410. */
  forgottenVersion: number
  /** Tells every watch how far things have come, by a bookmark. */
  readonly mark: () => void
  /** Method and path of each request, in order. */
  readonly requests: string[]
  /** What each accepts. */
  readonly accepts: string[]
  readonly watchers: Set<Watcher>
  readonly stop: () => Promise<void>
}

const namespace = 'apps'
const base = `/api/v1/namespaces/${namespace}/secrets`

export async function startFakeKubernetes(): Promise<FakeKubernetes> {
  const fake = new Fake()
  const server = createServer((request, response) => {
    fake.serve(request, response).catch(() => response.destroy())
  })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  return Object.assign(fake, { server: addressOf(server), stop: () => stop(server, fake) })
}

function addressOf(server: Server): string {
  const { port } = server.address() as AddressInfo
  return `http://127.0.0.1:${port}`
}

async function stop(server: Server, fake: Fake): Promise<void> {
  for (const watcher of fake.watchers) watcher.end()
  server.closeAllConnections()
  server.close()
  await once(server, 'close')
}

class Fake {
  readonly namespace = namespace
  token = 'token-of-the-pod'
  fault: FaultName | undefined
  forgottenVersion = 0
  readonly requests: string[] = []
  readonly accepts: string[] = []
  readonly watchers = new Set<Watcher>()
  readonly #secrets = new Map<string, SecretObject>()
  readonly #events: { readonly type: EventType; readonly object: SecretObject }[] = []
  #version = 100

  mark(): void {
    this.#next()
    const metadata = { resourceVersion: String(this.#version) }
    for (const watcher of this.watchers) watcher.send('BOOKMARK', { metadata })
  }

  async serve(request: IncomingMessage, response: ServerResponse): Promise<unknown> {
    const url = new URL(request.url ?? '', 'http://fake')
    const body = await text(request)
    this.requests.push(`${request.method} ${url.pathname}${url.search}`)
    this.accepts.push(request.headers.accept ?? '')
    // The tests' own requests, behind the store's back.
    const isBehind = request.headers['x-behind'] !== undefined
    if (!isBehind && meetFault(this.fault, request, response)) return response
    if (!isBehind && request.headers.authorization !== `Bearer ${this.token}`) {
      return refuse(response, 401, 'Unauthorized')
    }
    if (url.pathname === base) return this.#serveCollection(request, response, { url, body })
    const name = decodeURIComponent(url.pathname.slice(base.length + 1))
    if (!url.pathname.startsWith(`${base}/`) || !/^[a-z0-9][-a-z0-9.]*$/.test(name)) {
      return refuse(response, 403, 'Forbidden')
    }
    return this.#serveSecret(request, response, { name, body })
  }

  #serveCollection(
    request: IncomingMessage,
    response: ServerResponse,
    { url, body }: { readonly url: URL; readonly body: string },
  ): unknown {
    if (request.method === 'POST') return this.#create(response, JSON.parse(body))
    if (request.method !== 'GET') return refuse(response, 405, 'MethodNotAllowed')
    if (url.searchParams.get('watch') === 'true') return this.#watch(request, response, url)
    return this.#list(request, response, url)
  }

  #create(response: ServerResponse, given: SecretObject): unknown {
    const { name, labels } = given.metadata
    if (given.apiVersion !== 'v1' || given.kind !== 'Secret' || !areKeys(given.data)) {
      return refuse(response, 422, 'Invalid')
    }
    if (this.#secrets.has(name)) return refuse(response, 409, 'AlreadyExists')
    const metadata = { name, namespace, creationTimestamp: '2026-01-01T00:00:00Z' }
    const object = {
      ...given,
      metadata: {
        ...metadata,
        ...(labels === undefined ? {} : { labels }),
        resourceVersion: this.#next(),
      },
    }
    this.#keep('ADDED', object)
    return send(response, 201, object)
  }

  #serveSecret(
    request: IncomingMessage,
    response: ServerResponse,
    { name, body }: { readonly name: string; readonly body: string },
  ): unknown {
    const found = this.#secrets.get(name)
    if (found === undefined) return refuse(response, 404, 'NotFound')
    switch (request.method) {
      case 'GET':
        return send(response, 200, found)
      case 'PATCH': {
        if (request.headers['content-type'] !== 'application/merge-patch+json') {
          return refuse(response, 415, 'UnsupportedMediaType')
        }
        const { data } = JSON.parse(body)
        if (!areKeys(data)) return refuse(response, 422, 'Invalid')
        const metadata = { ...found.metadata, resourceVersion: this.#next() }
        const object = { ...found, metadata, data: { ...found.data, ...data } }
        this.#keep('MODIFIED', object)
        return send(response, 200, object)
      }
      case 'DELETE': {
        this.#secrets.delete(name)
        const metadata = { ...found.metadata, resourceVersion: this.#next() }
        this.#tell('DELETED', { ...found, metadata })
        return send(response, 200, { kind: 'Status', apiVersion: 'v1', status: 'Success' })
      }
      default:
        return refuse(response, 405, 'MethodNotAllowed')
    }
  }

  #list(request: IncomingMessage, response: ServerResponse, url: URL): unknown {
    const wanted = (url.searchParams.get('labelSelector') ?? '').split(',').filter(Boolean)
    const limit = Number(url.searchParams.get('limit') ?? 1000)
    const after = url.searchParams.get('continue') ?? ''
    const name = nameOf(url)
    const fitting = [...this.#secrets.values()]
      .filter(({ metadata }) => name === undefined || metadata.name === name)
      .filter(({ metadata }) => metadata.name > after)
      .filter(({ metadata: { labels = {} } }) =>
        wanted.every((term) => labels[term.split('=')[0] ?? ''] === term.split('=')[1]),
      )
      .toSorted((left, right) => (left.metadata.name < right.metadata.name ? -1 : 1))
    // Pages of two, so that the tests have several.
    const page = fitting.slice(0, Math.min(limit, 2))
    const isPartial = request.headers.accept?.includes('as=PartialObjectMetadataList') === true
    return send(response, 200, {
      kind: isPartial ? 'PartialObjectMetadataList' : 'SecretList',
      metadata: {
        resourceVersion: String(this.#version),
        ...(fitting.length > page.length ? { continue: page.at(-1)?.metadata.name } : {}),
      },
      items: isPartial ? page.map(({ metadata }) => ({ metadata })) : page,
    })
  }

  #watch(request: IncomingMessage, response: ServerResponse, url: URL): unknown {
    const name = nameOf(url)
    const start = url.searchParams.get('resourceVersion') ?? '0'
    // A server on an etcd before 3.4.25 answers a watch from nowhere with this, in more words.
    if (start === '0' || name === undefined) return refuse(response, 500, 'InternalError')
    response.setHeader('content-type', 'application/json')
    response.flushHeaders()
    const sendLine = (type: string, object: unknown) =>
      response.write(`${JSON.stringify({ type, object })}\n`)
    if (Number(start) <= this.forgottenVersion) {
      sendLine('ERROR', { kind: 'Status', code: 410, reason: 'Expired' })
      return response.end()
    }
    for (const { type, object } of this.#events) {
      const isAfter = Number(object.metadata.resourceVersion) > Number(start)
      if (object.metadata.name === name && isAfter) sendLine(type, partial(object))
    }
    const watcher: Watcher = { name, send: sendLine, end: () => response.end() }
    this.watchers.add(watcher)
    request.on('close', () => this.watchers.delete(watcher))
    return response.on('close', () => this.watchers.delete(watcher))
  }

  #keep(type: EventType, object: SecretObject): void {
    this.#secrets.set(object.metadata.name, object)
    this.#tell(type, object)
  }

  #tell(type: EventType, object: SecretObject): void {
    this.#events.push({ type, object })
    for (const watcher of this.watchers) {
      if (watcher.name === object.metadata.name) watcher.send(type, partial(object))
    }
  }

  #next(): string {
    this.#version += 1
    return String(this.#version)
  }
}

function nameOf(url: URL): string | undefined {
  return /^metadata\.name=(.+)$/.exec(url.searchParams.get('fieldSelector') ?? '')?.[1]
}

function partial({ metadata }: SecretObject) {
  return { kind: 'PartialObjectMetadata', apiVersion: 'meta.k8s.io/v1', metadata }
}

function areKeys(data: unknown): boolean {
  if (typeof data !== 'object' || data === null) return false
  return Object.entries(data).every(
    ([key, value]) => /^[-._a-zA-Z0-9]+$/.test(key) && isBase64(value),
  )
}

function isBase64(value: unknown): boolean {
  return typeof value === 'string' && Buffer.from(value, 'base64').toString('base64') === value
}
