/** A Secret as the Kubernetes API has it, and as stores have it. Source: the API reference of Secret v1. */
import { AppError } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import type { SecretAnswer } from '../../template/secret-request.ts'
import type { ListEntry, StoreWrite } from '../store.ts'
import { storedAnswer } from '../stored-answer.ts'
import { objectAt, textAt } from './api.ts'

/** The key of a secret that is one byte string, as Keep HQ has it too. */
export const wholeKey = 'value'

/** Errors: `input_invalid` for what is no name of an object. Source: Kubernetes, "Object Names and IDs". */
export function checkSecretName(path: string): void {
  const isName = path.length <= 253 && /^[a-z0-9](?:[-a-z0-9.]*[a-z0-9])?$/.test(path)
  if (isName) return
  const reason = 'not a name of a Secret: lower-case letters, digits, hyphens and dots'
  throw new AppError('input_invalid', { reason })
}

/** Errors: `store_answer_invalid`. */
export function parseSecretObject(object: JsonObject): SecretAnswer {
  const version = textAt(objectAt(object, 'metadata'), 'resourceVersion')
  if (textAt(object, 'kind') !== 'Secret' || version === undefined) {
    throw new AppError('store_answer_invalid', { reason: 'not a Secret' })
  }
  const members = new Map(
    Array.from(objectAt(object, 'data'), ([key, value]) => [key, decode(value)] as const),
  )
  return storedAnswer({ content: { kind: 'keys', members }, version })
}

function decode(value: JsonValue): string {
  if (typeof value === 'string') return Buffer.from(value, 'base64').toString('latin1')
  throw new AppError('store_answer_invalid', { reason: 'a key that is no text' })
}

/** `data` of a Secret with what is to be written. Errors: `input_invalid` for what is no key. */
export function formatData({ content }: StoreWrite): JsonObject {
  const members = content.kind === 'keys' ? content.members : new Map([[wholeKey, content.bytes]])
  return new Map(
    Array.from(members, ([key, bytes]) => {
      if (key.length > 253 || !/^[-._a-zA-Z0-9]+$/.test(key) || key.startsWith('..')) {
        const reason = 'not a key of a Secret: letters, digits, hyphens, underscores and dots'
        throw new AppError('input_invalid', { reason })
      }
      return [key, Buffer.from(bytes).toString('base64')] as const
    }),
  )
}

/** The object that makes the Secret. */
export function formatSecretObject(write: StoreWrite): JsonObject {
  const { path, tags = new Map() } = write
  const labels = tags.size === 0 ? [] : ([['labels', tags]] as const)
  return new Map<string, JsonValue>([
    ['apiVersion', 'v1'],
    ['kind', 'Secret'],
    ['metadata', new Map<string, JsonValue>([['name', path], ...labels])],
    ['type', 'Opaque'],
    ['data', formatData(write)],
  ])
}

/** Of an object's metadata; undefined for what has no name. */
export function parseListEntry(metadata: JsonObject): ListEntry | undefined {
  const path = textAt(metadata, 'name')
  if (path === undefined) return undefined
  const changedAt = lastChange(metadata)
  const tags = new Map(
    Array.from(objectAt(metadata, 'labels')).flatMap(([key, value]) =>
      typeof value === 'string' ? [[key, value] as const] : [],
    ),
  )
  return { path, tags, ...(changedAt === undefined ? {} : { changedAt }) }
}

/** Whoever changes an object is in its managed fields, with the time. */
function lastChange(metadata: JsonObject): number | undefined {
  const fields = metadata.get('managedFields')
  const entries: readonly JsonValue[] = Array.isArray(fields) ? fields : []
  const times = [metadata, ...entries].flatMap((entry) => {
    if (!(entry instanceof Map)) return []
    const time = Date.parse(textAt(entry, 'time') ?? textAt(entry, 'creationTimestamp') ?? '')
    return Number.isNaN(time) ? [] : [time]
  })
  return times.length === 0 ? undefined : Math.max(...times)
}
