/** One watch of one Secret: a connection on which the API server writes a line for each change. */
import type { ClientRequest, IncomingMessage } from 'node:http'
import { AppError, toAppError } from '../../errors.ts'
import { createConnector } from '../../http/connector.ts'
import { JsonNumber, type JsonObject, type JsonValue, parseJson } from '../../json.ts'
import { nameSelector, objectAt, refusalOf, secretsUrl, textAt } from './api.ts'
import type { ApiPlace } from './api-place.ts'

export interface WatchEvent {
  readonly type: 'ADDED' | 'MODIFIED' | 'DELETED' | 'BOOKMARK'
  readonly version: string
}

export interface StreamOptions {
  readonly place: ApiPlace
  readonly name: string
  /** Events after it are told of. */
  readonly version: string
  /** Called when changes are heard of from now on. */
  readonly opened: () => void
  readonly signal: AbortSignal
}

/** The API server ends the watch after that; a connection that died without a word is noticed soon after. */
const longestSeconds = 240
const graceMs = 30_000
/** Without the values, which a read fetches. */
const accept = 'application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json'
const longestLine = 4 * 1024 * 1024

/** Resolves when the API server ends the stream. Errors: those of a store, 410 among the statuses of `facts`. */
export async function openStream(
  options: StreamOptions,
  take: (event: WatchEvent) => void,
): Promise<void> {
  const { place, name, version, signal } = options
  const query = {
    watch: 'true',
    allowWatchBookmarks: 'true',
    ...nameSelector(name),
    timeoutSeconds: String(longestSeconds),
    resourceVersion: version,
  }
  const connect = createConnector({ ...place.options, keepAlive: false })
  const { userAgent } = place.options
  const agent = userAgent === undefined ? {} : { 'user-agent': userAgent }
  const headers = { accept, ...agent, ...place.authorization() }
  const url = new URL(secretsUrl(place, undefined, query))
  await new Promise<void>((resolve, reject) => {
    const fail = (thrown: unknown) => reject(toAppError(thrown, 'store_unreachable'))
    const receive = (response: IncomingMessage) => {
      follow(response, options, take).then(resolve, fail)
    }
    connect(url, { method: 'GET', headers, signal }, receive).then((outgoing) => {
      outgoing.on('error', fail)
      endInTime(outgoing)
      outgoing.end()
    }, fail)
  })
}

function endInTime(outgoing: ClientRequest): void {
  const end = () => outgoing.destroy(new Error('no end of the watch in time'))
  const timer = setTimeout(end, longestSeconds * 1000 + graceMs)
  outgoing.on('close', () => clearTimeout(timer))
}

function follow(
  response: IncomingMessage,
  { opened, place: { now } }: StreamOptions,
  take: (event: WatchEvent) => void,
): Promise<void> {
  const { statusCode: status = 0, headers } = response
  return new Promise((resolve, reject) => {
    const isGood = status === 200
    let rest = ''
    const add = (text: string) => {
      // What is refused is read to its end, for the word that says why.
      const lines = isGood ? (rest + text).split('\n') : [rest + text]
      rest = lines.pop() ?? ''
      if (rest.length > longestLine) throw invalid()
      for (const line of lines) if (line.trim() !== '') take(parseEvent(line))
    }
    const end = () => {
      if (isGood) resolve()
      else reject(refusalOf({ status, headers, body: Buffer.from(rest) }, now()))
    }
    if (isGood) opened()
    response.setEncoding('utf8')
    response.on('data', (text: string) => {
      try {
        add(text)
      } catch (thrown) {
        reject(thrown)
        response.destroy()
      }
    })
    response.on('end', end)
    response.on('error', reject)
    response.on('close', () => reject(new AppError('store_unreachable')))
  })
}

/** Errors: the refusal that an ERROR event tells of, `store_answer_invalid`. */
function parseEvent(line: string): WatchEvent {
  const event = parseLine(line)
  const type = textAt(event, 'type')
  const object = objectAt(event, 'object')
  if (type === 'ERROR') {
    const code = object.get('code')
    const status = code instanceof JsonNumber ? Number(code.text) : 0
    throw new AppError('store_busy', { status })
  }
  const version = textAt(objectAt(object, 'metadata'), 'resourceVersion')
  if (version === undefined || !isEventType(type)) throw invalid()
  return { type, version }
}

function isEventType(type: string | undefined): type is WatchEvent['type'] {
  return type !== undefined && ['ADDED', 'MODIFIED', 'DELETED', 'BOOKMARK'].includes(type)
}

function parseLine(line: string): JsonObject {
  let value: JsonValue
  try {
    value = parseJson(line)
  } catch {
    throw invalid()
  }
  if (value instanceof Map) return value
  throw invalid()
}

function invalid(): AppError {
  return new AppError('store_answer_invalid', { reason: 'not a watch event' })
}
