/** A collector of traces that takes OTLP/HTTP in JSON and nothing that is not quite that. */
import { createServer, type IncomingHttpHeaders, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { isObject } from '../../core/plain-object.ts'

export interface CollectedSpan {
  readonly name: string
  readonly traceId: string
  readonly spanId: string
  readonly parentSpanId: string | undefined
  readonly kind: number
  readonly start: bigint
  readonly end: bigint
  readonly attributes: Readonly<Record<string, unknown>>
  readonly status: unknown
  readonly events: readonly { readonly name: string; readonly attributes: object }[]
  readonly resource: Readonly<Record<string, unknown>>
}

/** `hang`: no answer at all. */
export type CollectorMood = 200 | 401 | 500 | 'hang' | 'rejecting'

export interface Collector {
  readonly address: string
  readonly port: number
  /** Of all requests so far, each judged good. */
  readonly spans: readonly CollectedSpan[]
  readonly requests: readonly {
    readonly headers: IncomingHttpHeaders
    readonly text: string
  }[]
  /** What was wrong with requests; empty for a client that does it right. */
  readonly faults: readonly string[]
  mood: CollectorMood
  /** Resolves once there are so many requests. */
  readonly hears: (count: number) => Promise<void>
  readonly close: () => Promise<void>
}

/** `port` 0 takes a free one. */
export async function startCollector(port = 0, host = '127.0.0.1'): Promise<Collector> {
  const spans: CollectedSpan[] = []
  const requests: { headers: IncomingHttpHeaders; text: string }[] = []
  const faults: string[] = []
  const waiting: { readonly count: number; readonly resolve: () => void }[] = []
  const server = createServer(async (incoming, response) => {
    let text = ''
    for await (const chunk of incoming.setEncoding('utf8')) text += chunk
    requests.push({ headers: incoming.headers, text })
    try {
      spans.push(...readRequest(incoming, text))
    } catch (thrown) {
      faults.push(String(thrown))
    }
    for (const { count, resolve } of waiting) if (requests.length >= count) resolve()
    const { mood } = collector
    if (mood === 'hang') return
    const body = mood === 'rejecting' ? { partialSuccess: { rejectedSpans: '2' } } : {}
    response.writeHead(mood === 'rejecting' ? 200 : mood, { 'content-type': 'application/json' })
    response.end(JSON.stringify(body))
  })
  await new Promise<void>((resolve) => server.listen(port, host, resolve))
  const { port: taken } = server.address() as AddressInfo
  const collector: Collector = {
    address: `http://${host}:${taken}`,
    port: taken,
    spans,
    requests,
    faults,
    mood: 200,
    hears: (count) =>
      new Promise((resolve) => {
        if (requests.length >= count) resolve()
        else waiting.push({ count, resolve })
      }),
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve())
        server.closeAllConnections()
      }),
  }
  return collector
}

function readRequest({ method, url, headers }: IncomingMessage, text: string) {
  if (method !== 'POST' || url !== '/v1/traces') throw new Error(`${method} ${url}`)
  if (headers['content-type'] !== 'application/json') throw new Error('content-type')
  if (headers['content-length'] !== String(Buffer.byteLength(text))) throw new Error('length')
  return readSpans(JSON.parse(text))
}

/** Source: OTLP's protobufs in their JSON form: ids in hexadecimal, 64 bit integers as text. */
function readSpans(body: unknown): readonly CollectedSpan[] {
  const { resourceSpans } = expectKeys(body, ['resourceSpans'])
  return listOf(resourceSpans).flatMap((group) => {
    const { resource, scopeSpans } = expectKeys(group, ['resource', 'scopeSpans', 'schemaUrl'])
    const attributes = readAttributes(expectKeys(resource, resourceKeys)['attributes'])
    return listOf(scopeSpans).flatMap((scoped) => {
      const { scope, spans } = expectKeys(scoped, ['scope', 'spans', 'schemaUrl'])
      if (expectKeys(scope, scopeKeys)['name'] !== 'claviger') throw new Error('scope')
      return listOf(spans).map((span) => readSpan(span, attributes))
    })
  })
}

const resourceKeys = ['attributes', 'droppedAttributesCount', 'schemaUrl', 'entityRefs']
const scopeKeys = ['name', 'version', 'attributes', 'droppedAttributesCount']
const spanKeys = [
  ...['traceId', 'spanId', 'parentSpanId', 'traceState', 'name', 'kind', 'startTimeUnixNano'],
  ...['endTimeUnixNano', 'attributes', 'droppedAttributesCount', 'events', 'droppedEventsCount'],
  ...['status', 'links', 'droppedLinksCount', 'flags'],
]

function readSpan(value: unknown, resource: CollectedSpan['resource']): CollectedSpan {
  const span = expectKeys(value, spanKeys)
  const start = BigInt(expectText(span['startTimeUnixNano'], /^\d{19}$/))
  const end = BigInt(expectText(span['endTimeUnixNano'], /^\d{19}$/))
  const parent = span['parentSpanId']
  if (end < start) throw new Error('a span that ends before it starts')
  return {
    name: expectText(span['name'], /./),
    traceId: expectText(span['traceId'], /^(?!0{32})[\da-f]{32}$/),
    spanId: expectText(span['spanId'], /^(?!0{16})[\da-f]{16}$/),
    parentSpanId: parent === undefined ? undefined : expectText(parent, /^(?!0{16})[\da-f]{16}$/),
    kind: Number(span['kind']),
    start,
    end,
    attributes: readAttributes(span['attributes']),
    status: span['status'],
    events: listOf(span['events']).map((event) => {
      const { name, attributes } = expectKeys(event, eventKeys)
      return { name: expectText(name, /./), attributes: readAttributes(attributes) }
    }),
    resource,
  }
}

const eventKeys = ['name', 'timeUnixNano', 'attributes', 'droppedAttributesCount']

function readAttributes(value: unknown): Readonly<Record<string, unknown>> {
  return Object.fromEntries(
    listOf(value).map((attribute) => {
      const { key, value: any } = expectKeys(attribute, ['key', 'value'])
      return [expectText(key, /./), readAny(any)]
    }),
  )
}

function readAny(value: unknown): unknown {
  const any = expectKeys(value, [
    'stringValue',
    'intValue',
    'doubleValue',
    'boolValue',
    'arrayValue',
  ])
  const [[kind, inner] = [], ...more] = Object.entries(any)
  if (kind === undefined || more.length > 0) throw new Error('a value of one kind')
  if (kind !== 'arrayValue') return inner
  return listOf(expectKeys(inner, ['values'])['values']).map(readAny)
}

function expectKeys(value: unknown, keys: readonly string[]): Readonly<Record<string, unknown>> {
  if (!isObject(value)) throw new Error(`an object with ${keys.join()}`)
  const unknown = Object.keys(value).find((key) => !keys.includes(key))
  if (unknown !== undefined) throw new Error(`unknown key ${unknown}`)
  return value
}

function expectText(value: unknown, pattern: RegExp): string {
  if (typeof value !== 'string' || !pattern.test(value)) throw new Error(`a text like ${pattern}`)
  return value
}

function listOf(value: unknown): readonly unknown[] {
  if (!Array.isArray(value)) throw new Error('a list')
  return value
}
