/** Values of Key Vault, which are texts: bytes are in base64, and a tag says so. */
import type { JsonObject } from '../../json.ts'
import { textOf } from '../merged-members.ts'

/** The tag that Azure's command line writes and reads. Source: `az keyvault secret set --encoding`. */
const encodingTag = 'file-encoding'
const binaryType = 'application/octet-stream'

export interface StoredValue {
  readonly value: string
  readonly contentType: string | undefined
  readonly tags: ReadonlyMap<string, string>
}

export function decodeValue({ value, tags }: Pick<StoredValue, 'value' | 'tags'>): Uint8Array {
  const encoding = tags.get(encodingTag)
  // Lines may be folded.
  if (encoding === 'base64') return Buffer.from(value, 'base64')
  return Buffer.from(value, encoding === 'hex' ? 'hex' : 'utf8')
}

/** `previous` is what the version before was: its tags and its type stay, unless they say how the value is encoded. */
export function encodeValue(
  bytes: Uint8Array,
  tags: ReadonlyMap<string, string>,
  previous: Pick<StoredValue, 'contentType' | 'tags'> | undefined,
): StoredValue {
  const kept = new Map([...(previous?.tags ?? []), ...tags])
  kept.delete(encodingTag)
  const text = textOf(bytes)
  if (text === undefined) {
    const value = Buffer.from(bytes).toString('base64')
    return { value, contentType: binaryType, tags: kept.set(encodingTag, 'base64') }
  }
  const { contentType } = previous ?? {}
  return {
    value: text,
    contentType: contentType === binaryType ? undefined : contentType,
    tags: kept,
  }
}

export function readTags(bundle: JsonObject): ReadonlyMap<string, string> {
  const tags = bundle.get('tags')
  if (!(tags instanceof Map)) return new Map()
  return new Map(
    Array.from(tags, ([name, value]) => [String(name), typeof value === 'string' ? value : '']),
  )
}
