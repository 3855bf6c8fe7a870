/** Writes of new versions. */
import { AppError, type Facts } from '../../errors.ts'
import type { JsonObject, JsonValue } from '../../json.ts'
import { mergeMembers } from '../merged-members.ts'
import type { StoreWrite, WrittenContent } from '../store.ts'
import type { Vault } from './api.ts'
import { readId, toVaultName } from './secret-bundle.ts'
import { decodeValue, encodeValue, readTags, type StoredValue } from './secret-value.ts'

export interface WriteOptions {
  readonly store: string
  /** Of what is made. */
  readonly tags: ReadonlyMap<string, string>
  readonly signal: AbortSignal | undefined
}

/** The name of the version. Tags are those of a version, so the ones of the version before are taken over, as far as it may be read. */
export async function writeSecret(
  vault: Vault,
  { path, content, tags = new Map<string, string>() }: StoreWrite,
  { store, tags: ofAll, signal }: WriteOptions,
): Promise<string> {
  const facts = { store, path }
  const resource = `/secrets/${toVaultName(path, store)}`
  const previous = await readPrevious(vault, { resource, facts, signal, kind: content.kind })
  const bytes = resolveContent(content, previous, facts)
  const given = previous === undefined ? new Map([...ofAll, ...tags]) : tags
  const stored = encodeValue(bytes, given, previous)
  const body = new Map<string, JsonValue>([
    ['value', stored.value],
    ...(stored.contentType === undefined ? [] : [['contentType', stored.contentType] as const]),
    ...(stored.tags.size === 0 ? [] : [['tags', stored.tags] as const]),
  ])
  const call = { method: 'PUT', resource, body, permission: 'set', facts } as const
  const { version } = readId(await vault.call(call, signal), facts)
  if (version !== undefined) return version
  throw new AppError('store_answer_invalid', { ...facts, reason: 'no version' })
}

interface Reading {
  readonly resource: string
  readonly facts: Facts
  readonly signal: AbortSignal | undefined
  readonly kind: WrittenContent['kind']
}

/** An identity that may only write goes on without it, unless keys are to be added to what is there. */
async function readPrevious(
  vault: Vault,
  { resource, facts, signal, kind }: Reading,
): Promise<StoredValue | undefined> {
  const call = { method: 'GET', resource, permission: 'get', facts } as const
  try {
    return readValue(await vault.call(call, signal), facts)
  } catch (thrown) {
    if (!(thrown instanceof AppError)) throw thrown
    const { status } = thrown.facts
    const isMissing = thrown.code === 'secret_missing' && status === 404
    if (isMissing || (status === 403 && kind === 'whole')) return undefined
    throw thrown
  }
}

/** Errors: `store_answer_invalid`. */
export function readValue(bundle: JsonObject, facts: Facts): StoredValue {
  const value = bundle.get('value')
  const contentType = bundle.get('contentType')
  if (typeof value !== 'string') {
    throw new AppError('store_answer_invalid', { ...facts, reason: 'no value' })
  }
  return {
    value,
    contentType: typeof contentType === 'string' ? contentType : undefined,
    tags: readTags(bundle),
  }
}

/** Two writers of keys at one time may lose one's: Key Vault makes no version upon a condition. */
function resolveContent(
  content: WrittenContent,
  previous: StoredValue | undefined,
  facts: Facts,
): Uint8Array {
  if (content.kind === 'whole') return content.bytes
  const current = previous === undefined ? undefined : decodeValue(previous)
  return mergeMembers(current, content.members, facts)
}
