/** The envelope around every answer of Vault, both ways: parsed from HTTP, and written into and out of the agent's state. */

import type { JsonObject } from '../json.ts'
import { JsonNumber, type JsonValue } from '../json.ts'
import type { SecretAnswer, SecretAuth, SecretWrapInfo } from '../template/secret-request.ts'

/** Lenient as Vault's own client: what is absent or of another type is zero, empty or null. */
export function parseEnvelope(envelope: JsonObject): SecretAnswer {
  const auth = object(envelope.get('auth'))
  const wrapInfo = object(envelope.get('wrap_info'))
  return {
    requestId: text(envelope.get('request_id')),
    leaseId: text(envelope.get('lease_id')),
    leaseDuration: number(envelope.get('lease_duration')),
    renewable: envelope.get('renewable') === true,
    data: object(envelope.get('data')) ?? null,
    warnings: texts(envelope.get('warnings')),
    ...(auth === undefined ? {} : { auth: parseAuth(auth) }),
    ...(wrapInfo === undefined ? {} : { wrapInfo: parseWrapInfo(wrapInfo) }),
  }
}

/**
 * The same of a path that may answer without an envelope, such as `sys/health`: all of the answer is its data then. Source:
 * Vault's own client, ParseSecret.
 */
export function parseSecret(body: JsonObject): SecretAnswer {
  const isBare = enveloped.every((key) => isZero(body.get(key)))
  return isBare ? { ...parseEnvelope(new Map()), data: body } : parseEnvelope(body)
}

const enveloped = [
  'request_id',
  'lease_id',
  'lease_duration',
  'renewable',
  'data',
  'warnings',
  'auth',
  'wrap_info',
]

function isZero(value: JsonValue | undefined): boolean {
  if (value instanceof JsonNumber) return Number(value.text) === 0
  return value === undefined || value === null || value === '' || value === false
}

/** The envelope that parses to `answer`. */
export function formatEnvelope(answer: SecretAnswer): JsonObject {
  return new Map<string, JsonValue>([
    ['request_id', answer.requestId],
    ['lease_id', answer.leaseId],
    ['lease_duration', new JsonNumber(String(answer.leaseDuration))],
    ['renewable', answer.renewable],
    ['data', answer.data],
    ['warnings', answer.warnings],
    ['auth', answer.auth === undefined ? null : formatAuth(answer.auth)],
    ['wrap_info', answer.wrapInfo === undefined ? null : formatWrapInfo(answer.wrapInfo)],
  ])
}

function parseAuth(auth: JsonObject): SecretAuth {
  const metadata = object(auth.get('metadata')) ?? new Map<string, JsonValue>()
  return {
    clientToken: text(auth.get('client_token')),
    accessor: text(auth.get('accessor')),
    policies: texts(auth.get('policies')),
    metadata: new Map(Array.from(metadata, ([key, value]) => [key, text(value)])),
    leaseDuration: number(auth.get('lease_duration')),
    renewable: auth.get('renewable') === true,
  }
}

function formatAuth(auth: SecretAuth): JsonObject {
  return new Map<string, JsonValue>([
    ['client_token', auth.clientToken],
    ['accessor', auth.accessor],
    ['policies', auth.policies],
    ['metadata', auth.metadata],
    ['lease_duration', new JsonNumber(String(auth.leaseDuration))],
    ['renewable', auth.renewable],
  ])
}

function parseWrapInfo(wrapInfo: JsonObject): SecretWrapInfo {
  return {
    token: text(wrapInfo.get('token')),
    ttl: number(wrapInfo.get('ttl')),
    creationTime: text(wrapInfo.get('creation_time')),
    wrappedAccessor: text(wrapInfo.get('wrapped_accessor')),
  }
}

function formatWrapInfo(wrapInfo: SecretWrapInfo): JsonObject {
  return new Map<string, JsonValue>([
    ['token', wrapInfo.token],
    ['ttl', new JsonNumber(String(wrapInfo.ttl))],
    ['creation_time', wrapInfo.creationTime],
    ['wrapped_accessor', wrapInfo.wrappedAccessor],
  ])
}

function object(value: JsonValue | undefined): JsonObject | undefined {
  return value instanceof Map ? value : undefined
}

function text(value: JsonValue | undefined): string {
  return typeof value === 'string' ? value : ''
}

function texts(value: JsonValue | undefined): readonly string[] {
  return Array.isArray(value) ? value.filter((item) => typeof item === 'string') : []
}

function number(value: JsonValue | undefined): number {
  return value instanceof JsonNumber ? Number(value.text) : 0
}
