/** Requests to the Kubernetes API for the Secrets of one namespace. */
import { AppError, type ErrorCode, type Facts } from '../../errors.ts'
import { createExchange, type RawExchange } from '../../http/exchange.ts'
import { parseRetryAfter } from '../../http/retry-after.ts'
import { type JsonObject, type JsonValue, stringifyJson, tryParseJson } from '../../json.ts'
import type { ApiPlace } from './api-place.ts'

export interface ApiRequest {
  readonly method: 'GET' | 'POST' | 'PATCH' | 'DELETE'
  /** Undefined: all of the namespace's. */
  readonly name?: string
  readonly query?: Readonly<Record<string, string>>
  readonly body?: JsonObject
  readonly accept?: string
  readonly signal?: AbortSignal | undefined
}

/** The object of a good answer. Errors: those of a store, with the status and the API's own word for what is wrong. */
export type AskApi = (request: ApiRequest) => Promise<JsonObject>

export function createApi(place: ApiPlace): AskApi {
  const exchange = createExchange(place.options)
  return async ({ method, name, query = {}, body, accept = 'application/json', signal }) => {
    const type = method === 'PATCH' ? 'application/merge-patch+json' : 'application/json'
    const answer = await exchange(
      {
        method,
        url: secretsUrl(place, name, query),
        headers: {
          accept,
          ...place.authorization(),
          ...(body === undefined ? {} : { 'content-type': type }),
        },
        ...(body === undefined ? {} : { body: Buffer.from(stringifyJson(body)) }),
      },
      signal,
    )
    if (answer.status < 200 || answer.status > 299) throw refusalOf(answer, place.now())
    return parseObject(answer.body)
  }
}

export function secretsUrl(
  { server, namespace }: ApiPlace,
  name: string | undefined,
  query: Readonly<Record<string, string>>,
): string {
  const collection = `${server}/api/v1/namespaces/${encodeURIComponent(namespace)}/secrets`
  const url = name === undefined ? collection : `${collection}/${encodeURIComponent(name)}`
  const search = new URLSearchParams(query).toString()
  return search === '' ? url : `${url}?${search}`
}

/** One page of a list, without the values. */
export interface MetadataPage {
  /** Each is an object's `metadata`. */
  readonly items: readonly JsonObject[]
  /** Of the whole collection: a watch from there hears of what comes after the list. */
  readonly version: string | undefined
  /** What the next page is asked for with. */
  readonly next: string | undefined
}

const metadataOnly =
  'application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json'

/** Errors: those of `ask`, `store_answer_invalid`. */
export async function listMetadata(
  ask: AskApi,
  query: Readonly<Record<string, string>>,
  signal: AbortSignal | undefined,
): Promise<MetadataPage> {
  const list = await ask({ method: 'GET', accept: metadataOnly, query, signal })
  const items = list.get('items')
  if (!Array.isArray(items)) throw new AppError('store_answer_invalid', { reason: 'not a list' })
  const metadata = objectAt(list, 'metadata')
  return {
    items: items.map((item: JsonValue) =>
      objectAt(item instanceof Map ? item : new Map(), 'metadata'),
    ),
    version: textAt(metadata, 'resourceVersion'),
    next: textAt(metadata, 'continue'),
  }
}

/** What selects one Secret by its name, as `resourceNames` of RBAC allows. */
export function nameSelector(name: string): Readonly<Record<string, string>> {
  return { fieldSelector: `metadata.name=${name}` }
}

const codes = new Map<number, ErrorCode>([
  [404, 'secret_missing'],
  [410, 'store_busy'],
  [429, 'store_busy'],
])

/** Source: Kubernetes API conventions, "HTTP Status codes"; of a Status object only `reason` is told, which is one word. */
export function refusalOf({ status, headers, body }: RawExchange, now: number): AppError {
  const waitMs = parseRetryAfter(headers['retry-after'], now)
  const word = tryParseJson(body.toString('utf8'))
  const reason = word instanceof Map ? word.get('reason') : undefined
  const facts: Facts = {
    status,
    ...(typeof reason === 'string' && /^[A-Za-z]{1,40}$/.test(reason) ? { reason } : {}),
    ...(waitMs === undefined ? {} : { retryAfterMs: waitMs }),
  }
  // Somebody's page, which says nothing of the Secret.
  if (status === 404 && facts['reason'] === undefined)
    return new AppError('store_answer_invalid', facts)
  const fallback = status >= 500 ? 'store_busy' : 'store_refused'
  return new AppError(codes.get(status) ?? fallback, facts)
}

export function parseObject(body: Buffer): JsonObject {
  const value = tryParseJson(body.toString('utf8'))
  if (value instanceof Map) return value
  throw new AppError('store_answer_invalid', { reason: 'not a JSON object' })
}

/** Empty where there is no such object. */
export function objectAt(object: JsonObject, name: string): JsonObject {
  const value = object.get(name)
  return value instanceof Map ? value : new Map<string, JsonValue>()
}

/** Undefined where it is absent, empty, or not a text. */
export function textAt(object: JsonObject, name: string): string | undefined {
  const value = object.get(name)
  return typeof value === 'string' && value !== '' ? value : undefined
}
