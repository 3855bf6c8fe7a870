/**
 * Lists and watches the metadata of objects. The official client's watch ends after 30 s without an event and asks for whole
 * objects; this one asks for metadata and keeps what its user reads.
 */
import type { IncomingMessage } from 'node:http'
import type { KubeConfig } from '@kubernetes/client-node'
import { AppError } from '../../core/errors.ts'
import { ask, Refusal, report } from './ask.ts'
import type { MetadataApi, MetadataEvent, MetadataList } from './metadata.ts'
import { readObject, readText, type WatchedKind } from './object-metadata.ts'

/** After this the API server ends a watch, so that one that silently stalled is noticed. */
const watchSeconds = 300
/** Silence for so much longer than a watch may last means that nobody is there. */
const silenceMs = (watchSeconds + 30) * 1000
const listMs = 30_000
/** Of a list's page or of an event. */
const byteLimit = 32 * 2 ** 20

const metadataOnly = (kind: 'PartialObjectMetadata' | 'PartialObjectMetadataList') =>
  `application/json;as=${kind};g=meta.k8s.io;v=v1`

/** Needs `list` and `watch` on the kind. */
export function createMetadataApi<T>(config: KubeConfig, kind: WatchedKind<T>): MetadataApi<T> {
  const client = new MetadataClient(config, kind)
  return {
    list: (signal) => report(`list ${kind.name}`, () => client.list(signal)),
    watch: (resourceVersion, use, signal) =>
      report(`watch ${kind.name}`, () => client.watch(resourceVersion, use, signal)),
  }
}

class MetadataClient<T> {
  readonly #config: KubeConfig
  readonly #kind: WatchedKind<T>

  constructor(config: KubeConfig, kind: WatchedKind<T>) {
    this.#config = config
    this.#kind = kind
  }

  async list(signal: AbortSignal): Promise<MetadataList<T>> {
    const { name, pageSize, read } = this.#kind
    const items: T[] = []
    let token = ''
    do {
      const query = { limit: String(pageSize), ...(token === '' ? {} : { continue: token }) }
      const accept = metadataOnly('PartialObjectMetadataList')
      const response = await this.#ask(query, { accept, signal, silenceMs: listMs })
      const list = readObject(JSON.parse(await readAll(response)))
      const { resourceVersion, continue: next } = readObject(list['metadata'])
      const page: readonly unknown[] = Array.isArray(list['items']) ? list['items'] : []
      for (const object of page) items.push(read(object))
      token = readText(next)
      if (token === '') return { resourceVersion: readText(resourceVersion), items }
    } while (!signal.aborted)
    throw new AppError('kubernetes_refused', { operation: `list ${name}`, cause: 'aborted' })
  }

  async watch(
    resourceVersion: string,
    use: (event: MetadataEvent<T>) => void,
    signal: AbortSignal,
  ): Promise<'ended' | 'expired'> {
    const query = {
      watch: 'true',
      allowWatchBookmarks: 'true',
      timeoutSeconds: String(watchSeconds),
      resourceVersion,
    }
    const accept = metadataOnly('PartialObjectMetadata')
    try {
      const response = await this.#ask(query, { accept, signal, silenceMs })
      for await (const line of readLines(response)) {
        const event = readEvent(readObject(JSON.parse(line)), this.#kind)
        if (event !== undefined) use(event)
      }
      return 'ended'
    } catch (thrown) {
      if (thrown instanceof Refusal && thrown.status === 410) return 'expired'
      throw thrown
    }
  }

  #ask(
    query: Readonly<Record<string, string>>,
    question: { readonly accept: string; readonly signal: AbortSignal; readonly silenceMs: number },
  ): Promise<IncomingMessage> {
    const { path, fieldSelector } = this.#kind
    const selection = fieldSelector === undefined ? {} : { fieldSelector }
    return ask(this.#config, {
      method: 'GET',
      path,
      query: { ...query, ...selection },
      ...question,
    })
  }
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
function readEvent<T>(
  { type, object: raw }: Readonly<Record<string, unknown>>,
  { read }: WatchedKind<T>,
): MetadataEvent<T> | undefined {
  const object = readObject(raw)
  const resourceVersion = readText(readObject(object['metadata'])['resourceVersion'])
  switch (type) {
    case 'ADDED':
    case 'MODIFIED':
      return { kind: 'present', item: read(object), resourceVersion }
    case 'DELETED':
      return { kind: 'gone', item: read(object), resourceVersion }
    case 'BOOKMARK':
      return { kind: 'bookmark', resourceVersion }
    case 'ERROR':
      throw new Refusal(Number(object['code']) || 500)
    default:
      return undefined
  }
}
