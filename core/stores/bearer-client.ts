/** JSON requests with a bearer token, as Google's and Azure's services take them. */
import type { Exchange, RawExchange } from '../http/exchange.ts'
import { parseRetryAfter } from '../http/retry-after.ts'
import { type JsonObject, type JsonValue, stringifyJson, tryParseJson } from '../json.ts'
import type { Secret } from '../secret.ts'

export interface BearerCall {
  readonly method: 'GET' | 'POST' | 'PUT' | 'PATCH' | 'DELETE'
  readonly url: string
  /** Besides those that every request has. */
  readonly headers?: Readonly<Record<string, string>>
  readonly body?: JsonValue
  readonly token: Secret | undefined
}

export interface BearerAnswer {
  readonly status: number
  readonly headers: RawExchange['headers']
  /** Undefined for what is no JSON object. */
  readonly body: JsonObject | undefined
  /** Of the header Retry-After. */
  readonly retryAfterMs: number | undefined
}

export type BearerClient = (call: BearerCall, signal?: AbortSignal) => Promise<BearerAnswer>

/** Any status is an answer. `now` is milliseconds since the epoch. Errors: those of `exchange`. */
export function createBearerClient(exchange: Exchange, now: () => number): BearerClient {
  return async ({ method, url, headers: given, body, token }, signal) => {
    const headers = {
      ...given,
      accept: 'application/json',
      ...(token === undefined ? {} : { authorization: `Bearer ${token.reveal()}` }),
      ...(body === undefined ? {} : { 'content-type': 'application/json' }),
    }
    const content = body === undefined ? {} : { body: Buffer.from(stringifyJson(body)) }
    const answer = await exchange({ method, url, headers, ...content }, signal)
    return {
      status: answer.status,
      headers: answer.headers,
      body: parseBody(answer.body.toString('utf8')),
      retryAfterMs: parseRetryAfter(answer.headers['retry-after'], now()),
    }
  }
}

export function isGood({ status }: Pick<BearerAnswer, 'status'>): boolean {
  return status >= 200 && status <= 299
}

function parseBody(text: string): JsonObject | undefined {
  const value = tryParseJson(text)
  return value instanceof Map ? value : undefined
}
