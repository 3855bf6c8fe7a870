/** Requests and answers of the development store, apart from HTTP, in Vault's shapes. */
import { randomUUID } from 'node:crypto'
import type { JsonObject, JsonValue } from '../../core/json.ts'
import type { Secret } from '../../core/secret.ts'
import { jsonNumber, jsonObject } from './json.ts'

export interface DevRequest {
  /** HTTP's, or `LIST`, which Vault adds. */
  readonly method: string
  /** Decoded, without `/v1/`. */
  readonly path: string
  readonly query: ReadonlyMap<string, string>
  /** X-Vault-Token. */
  readonly token?: Secret
  /** Empty when there was none. */
  readonly body: JsonObject
  /** X-Vault-Wrap-TTL in seconds; absent or 0 for an answer that is not wrapped. */
  readonly wrapTtl?: number
}

export interface DevAnswer {
  readonly status: number
  /** Absent for 204. */
  readonly body?: JsonObject
}

/** What a policy decides about. `create` is an update of what does not exist yet. */
export type Operation = 'read' | 'list' | 'create' | 'update' | 'delete'

/** What varies in Vault's envelope; everything absent is zero, empty or null. */
export interface EnvelopeParts {
  readonly data?: JsonObject | null
  readonly leaseId?: string
  /** Seconds. */
  readonly leaseDuration?: number
  readonly renewable?: boolean
  readonly auth?: JsonObject
  readonly wrapInfo?: JsonObject
  readonly warnings?: readonly string[]
  readonly mountType?: string
}

/** An answer in the envelope of every Vault answer; 200 unless told. */
export function answer(parts: EnvelopeParts, status = 200): DevAnswer {
  const warnings: JsonValue = parts.warnings ?? null
  return {
    status,
    body: jsonObject({
      request_id: randomUUID(),
      lease_id: parts.leaseId ?? '',
      renewable: parts.renewable ?? false,
      lease_duration: jsonNumber(parts.leaseDuration ?? 0),
      data: parts.data ?? null,
      wrap_info: parts.wrapInfo ?? null,
      warnings,
      auth: parts.auth ?? null,
      mount_type: parts.mountType ?? '',
    }),
  }
}

export const noContent: DevAnswer = { status: 204 }

/** Vault's shape of every failure: `{"errors": […]}`. */
export function failure(status: number, ...errors: readonly string[]): DevAnswer {
  return { status, body: jsonObject({ errors }) }
}

/** Nothing is stored there. */
export const notFound: DevAnswer = failure(404)

/** A list of names as Vault answers it: 404 when there are none. */
export function listAnswer(keys: readonly string[], mountType: string): DevAnswer {
  return keys.length === 0 ? notFound : answer({ data: jsonObject({ keys }), mountType })
}

/** Go's multierror wraps some of Vault's messages. */
export function listErrors(...errors: readonly string[]): string {
  const count = errors.length === 1 ? '1 error' : `${errors.length} errors`
  return `${count} occurred:\n${errors.map((error) => `\t* ${error}\n`).join('')}\n`
}

export const unsupportedOperation: DevAnswer = failure(405, listErrors('unsupported operation'))
export const unsupportedPath: DevAnswer = failure(404, listErrors('unsupported path'))

/** A refusal thrown from deep inside a backend; the store answers with it. */
export class Refusal extends Error {
  readonly answer: DevAnswer

  constructor(status: number, message: string) {
    super('refused')
    this.name = 'Refusal'
    this.answer = failure(status, message)
  }
}
