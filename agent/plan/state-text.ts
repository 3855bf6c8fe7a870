/** The state as JSON text and back. */
import { type ErrorCode, isErrorCode } from '../../core/errors.ts'
import {
  JsonNumber,
  type JsonObject,
  JsonSyntaxError,
  type JsonValue,
  parseJson,
  stringifyJson,
} from '../../core/json.ts'
import { Secret } from '../../core/secret.ts'
import { type SecretRequest, secretRequestKey } from '../../core/template/secret-request.ts'
import { formatEnvelope, parseEnvelope } from '../../core/vault/envelope.ts'
import type { AgentState, Failure, HeldSecret, Session } from './state.ts'

/** Raised whenever an older agent could misread the text. */
const version = '1'

export function formatState(state: AgentState): string {
  const { session, loginFailure } = state
  return stringifyJson(
    object({
      version,
      session: session === undefined ? null : formatSession(session),
      login_failure: loginFailure === undefined ? null : formatFailure(loginFailure),
      secrets: Array.from(state.secrets.values(), formatHeld),
      failures: mapValues(state.failures, formatFailure),
      files: state.files,
    }),
  )
}

/** Undefined for anything that `formatState` of this version did not write. */
export function parseState(text: string): AgentState | undefined {
  try {
    const root = asObject(parseJson(text))
    if (root.get('version') !== version) return undefined
    const secrets = asArray(root.get('secrets')).map((held) => parseHeld(asObject(held)))
    return {
      session: optional(root.get('session'), parseSession),
      loginFailure: optional(root.get('login_failure'), parseFailure),
      secrets: new Map(secrets.map((held) => [secretRequestKey(held.request), held])),
      failures: mapValues(asObject(root.get('failures')), (value) => parseFailure(asObject(value))),
      files: mapValues(asObject(root.get('files')), asText),
    }
  } catch (thrown) {
    if (thrown instanceof JsonSyntaxError || thrown instanceof WrongShape) return undefined
    throw thrown
  }
}

class WrongShape extends Error {}

function formatSession(session: Session): JsonValue {
  return object({
    identity: session.identity,
    token: session.token.reveal(),
    renewable: session.renewable,
    expires_at: optionalTime(session.expiresAt),
    due_at: optionalTime(session.dueAt),
  })
}

function parseSession(session: JsonObject): Session {
  return {
    identity: asText(session.get('identity')),
    token: new Secret(asText(session.get('token'))),
    renewable: session.get('renewable') === true,
    expiresAt: parseOptionalTime(session.get('expires_at')),
    dueAt: parseOptionalTime(session.get('due_at')),
  }
}

function formatFailure({ count, retryAt, code }: Failure): JsonValue {
  return object({ count: number(count), retry_at: number(retryAt), code })
}

function parseFailure(failure: JsonObject): Failure {
  return {
    count: asNumber(failure.get('count')),
    retryAt: asNumber(failure.get('retry_at')),
    code: asErrorCode(failure.get('code')),
  }
}

function formatHeld({ request, answer, readAt, due }: HeldSecret): JsonValue {
  return object({
    request: formatRequest(request),
    answer: formatEnvelope(answer),
    read_at: number(readAt),
    due: object({ kind: due.kind, at: number(due.at) }),
  })
}

function parseHeld(held: JsonObject): HeldSecret {
  const due = asObject(held.get('due'))
  return {
    request: parseRequest(asObject(held.get('request'))),
    answer: parseEnvelope(asObject(held.get('answer'))),
    readAt: asNumber(held.get('read_at')),
    due: { kind: due.get('kind') === 'renew' ? 'renew' : 'read', at: asNumber(due.get('at')) },
  }
}

function formatRequest(request: SecretRequest): JsonValue {
  const { kind, path } = request
  switch (request.kind) {
    case 'read':
      return object({ kind, path, query: request.query })
    case 'list':
      return object({ kind, path })
    default:
      return object({ kind, path, data: request.data })
  }
}

function parseRequest(request: JsonObject): SecretRequest {
  const path = asText(request.get('path'))
  const kind = request.get('kind')
  if (kind === 'list') return { kind, path }
  if (kind === 'write' || kind === 'pki') return { kind, path, data: asObject(request.get('data')) }
  const query = asArray(request.get('query')).map((pair) => {
    const [name, value] = asArray(pair)
    return [asText(name), asText(value)] as const
  })
  return { kind: 'read', path, query }
}

function object(members: Readonly<Record<string, JsonValue>>): JsonObject {
  return new Map(Object.entries(members))
}

function number(value: number): JsonNumber {
  return new JsonNumber(String(Math.round(value)))
}

function optionalTime(value: number | undefined): JsonValue {
  return value === undefined ? null : number(value)
}

function parseOptionalTime(value: JsonValue | undefined): number | undefined {
  return value === null ? undefined : asNumber(value)
}

function mapValues<T, U>(
  map: ReadonlyMap<string, T>,
  change: (value: T) => U,
): ReadonlyMap<string, U> {
  return new Map(Array.from(map, ([key, value]) => [key, change(value)]))
}

function optional<T>(value: JsonValue | undefined, parse: (value: JsonObject) => T): T | undefined {
  return value === null ? undefined : parse(asObject(value))
}

function asObject(value: JsonValue | undefined): JsonObject {
  if (value instanceof Map) return value
  throw new WrongShape()
}

function asArray(value: JsonValue | undefined): readonly JsonValue[] {
  if (Array.isArray(value)) return value
  throw new WrongShape()
}

function asText(value: JsonValue | undefined): string {
  if (typeof value === 'string') return value
  throw new WrongShape()
}

function asErrorCode(value: JsonValue | undefined): ErrorCode {
  const text = asText(value)
  if (isErrorCode(text)) return text
  throw new WrongShape()
}

function asNumber(value: JsonValue | undefined): number {
  if (value instanceof JsonNumber) return Number(value.text)
  throw new WrongShape()
}
