/** What a secret holds, whichever version of the KV engine it comes from. */
import type { JsonObject } from '../../json.ts'
import type { SecretAnswer } from '../secret-request.ts'

export interface SecretData {
  /** The inner data of KV version 2, else the answer's data; empty where there is none. */
  readonly data: JsonObject
  /** KV version 2 only: version, times, custom metadata. */
  readonly metadata: JsonObject | undefined
}

/** Version 2 answers with `data` and `metadata` and nothing else; a version 1 secret that has both is taken for it. */
export function readSecretData({ data }: SecretAnswer): SecretData {
  const inner = data?.get('data')
  const metadata = data?.get('metadata')
  const isVersioned = data?.size === 2 && inner !== undefined && metadata instanceof Map
  if (!isVersioned) return { data: data ?? new Map(), metadata: undefined }
  return { data: inner instanceof Map ? inner : new Map(), metadata }
}
