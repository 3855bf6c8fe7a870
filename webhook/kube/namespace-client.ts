/**
 * Lists and watches namespaces. The official client's watch ends after 30 s without an event and asks for whole objects;
 * this one asks for metadata and keeps what the webhook reads.
 */
import { once } from 'node:events'
import type { IncomingMessage } from 'node:http'
import type { RequestOptions } from 'node:https'
import { request } from 'node:https'
import type { KubeConfig } from '@kubernetes/client-node'
import { AppError, toAppError } from '../../core/errors.ts'
import { defaultPrefix, type NamespaceView } from '../inject/namespace.ts'
import type { NamespaceApi, NamespaceEvent, NamespaceList } from './namespaces.ts'

/** After this the API server ends a watch, so that one that silently stalled is noticed. */
const watchSeconds = 300
/** Silence for so much longer than a watch may last means that nobody is there. */
const silenceMs = (watchSeconds + 30) * 1000
const listMs = 30_000
const pageSize = 500
/** Of a list's page or of an event. */
const byteLimit = 32 * 2 ** 20

const metadataOnly = (kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList') =>
  `application/json;as=${kind};g=meta.k8s.io;v=1`

/** Needs `list` and `watch` on namespaces. */
export function createNamespaceApi(config: KubeConfig): NamespaceApi {
  return {
    list: (signal) => report('list namespaces', () => listAll(config, signal)),
    watch: (resourceVersion, use, signal) =>
      report('watch namespaces', () => watch(config, { resourceVersion, use, signal })),
  }
}

/** Neither bodies nor messages of others leave here. */
async function report<T>(operation: string, ask: () => Promise<T>): Promise<T> {
  try {
    return await ask()
  } catch (thrown) {
    if (thrown instanceof Refusal) {
      throw new AppError('kubernetes_refused', { operation, status: thrown.status })
    }
    throw toAppError(thrown, 'kubernetes_refused', { operation })
  }
}

class Refusal extends Error {
  readonly status: number

  constructor(status: number) {
    super(`status ${status}`)
    this.status = status
  }
}

async function listAll(config: KubeConfig, signal: AbortSignal): Promise<NamespaceList> {
  const namespaces: NamespaceView[] = []
  let token = ''
  do {
    const query = { limit: String(pageSize), ...(token === '' ? {} : { continue: token }) }
    const accept = metadataOnly('PartialObjectMetadataList')
    const response = await ask(config, { query, accept, signal, silenceMs: listMs })
    const list = readObject(JSON.parse(await readAll(response)))
    const { resourceVersion, continue: next } = readObject(list['metadata'])
    const items: readonly unknown[] = Array.isArray(list['items']) ? list['items'] : []
    namespaces.push(...items.map(readNamespace))
    token = readText(next)
    if (token === '') return { resourceVersion: readText(resourceVersion), namespaces }
  } while (!signal.aborted)
  throw new AppError('kubernetes_refused', { operation: 'list namespaces', cause: 'aborted' })
}

interface WatchOptions {
  readonly resourceVersion: string
  readonly use: (event: NamespaceEvent) => void
  readonly signal: AbortSignal
}

async function watch(
  config: KubeConfig,
  { resourceVersion, use, signal }: WatchOptions,
): Promise<'ended' | 'expired'> {
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    timeoutSeconds: String(watchSeconds),
    resourceVersion,
  }
  const accept = metadataOnly('PartialObjectMetadata')
  try {
    const response = await ask(config, { query, accept, signal, silenceMs })
    for await (const line of readLines(response)) {
      const event = readEvent(readObject(JSON.parse(line)))
      if (event !== undefined) use(event)
    }
    return 'ended'
  } catch (thrown) {
    if (thrown instanceof Refusal && thrown.status === 410) return 'expired'
    throw thrown
  }
}

interface Question {
  readonly query: Readonly<Record<string, string>>
  readonly accept: string
  readonly signal: AbortSignal
  /** Of the connection, after which it is given up. */
  readonly silenceMs: number
}

/** Rejects with a Refusal unless the status is 200. */
async function ask(config: KubeConfig, question: Question): Promise<IncomingMessage> {
  const { query, accept, signal } = question
  const options: RequestOptions = { method: 'GET', headers: { accept }, signal }
  // CA, and the token of the ServiceAccount as it is now.
  await config.applyToHTTPSOptions(options)
  const url = new URL(`${config.getCurrentCluster()?.server}/api/v1/namespaces`)
  url.search = new URLSearchParams(query).toString()
  const outgoing = request(url, options)
  outgoing.setTimeout(question.silenceMs, () => outgoing.destroy(new Error('silent')))
  outgoing.end()
  const [answer] = await once(outgoing, 'response')
  const response: IncomingMessage = answer
  const { statusCode = 0 } = response
  if (statusCode === 200) return response
  response.destroy()
  throw new Refusal(statusCode)
}

async function readAll(response: IncomingMessage): Promise<string> {
  let text = ''
  for await (const chunk of response.setEncoding('utf8')) text = grow(text, chunk)
  return text
}

async function* readLines(response: IncomingMessage): AsyncGenerator<string> {
  let rest = ''
  for await (const chunk of response.setEncoding('utf8')) {
    const lines = grow(rest, chunk).split('\n')
    rest = lines.pop() ?? ''
    yield* lines.filter((line) => line !== '')
  }
}

function grow(text: string, chunk: string): string {
  if (text.length + chunk.length > byteLimit) throw new RangeError('the answer is too long')
  return text + chunk
}

/** Undefined for what a later API server may add. Throws a Refusal for the event of that kind. */
function readEvent({ type, object: raw }: Json): NamespaceEvent | undefined {
  const object = readObject(raw)
  const resourceVersion = readText(readObject(object['metadata'])['resourceVersion'])
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'present', namespace: readNamespace(object), resourceVersion }
    case 'DELETED':
      return { kind: 'gone', namespace: readNamespace(object), resourceVersion }
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion }
    case 'ERROR':
      throw new Refusal(Number(object['code']) || 500)
    default:
      return undefined
  }
}

/** Only the annotations that the webhook reads are kept. */
function readNamespace(object: unknown): NamespaceView {
  const metadata = readObject(readObject(object)['metadata'])
  const annotations = readTexts(metadata['annotations'])
  return {
    name: readText(metadata['name']),
    labels: new Map(readTexts(metadata['labels'])),
    annotations: new Map(annotations.filter(([key]) => key.startsWith(defaultPrefix))),
  }
}

function readTexts(value: unknown): readonly (readonly [string, string])[] {
  return Object.entries(readObject(value)).map(([key, text]) => [key, readText(text)] as const)
}

type Json = Readonly<Record<string, unknown>>

function readObject(value: unknown): Json {
  // Whatever is no object has no entries of interest.
  return typeof value === 'object' && value !== null ? { ...value } : {}
}

function readText(value: unknown): string {
  return typeof value === 'string' ? value : ''
}
