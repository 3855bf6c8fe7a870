/** What a secret holds, whichever version of the KV engine it comes from. */
import { anyMap, type GoMap, unbox } from '../values.ts'

export interface SecretData {
  /** The inner data of KV version 2, else the answer's data; empty where there is none. */
  readonly data: GoMap
  /** KV version 2 only: version, times, custom metadata. */
  readonly metadata: GoMap | undefined
}

/** Version 2 answers with `data` and `metadata` and nothing else; a version 1 secret that has both is taken for it. */
export function readSecretData(answered: GoMap): SecretData {
  const { entries } = answered
  const inner = unbox(entries.get('data'))
  const metadata = unbox(entries.get('metadata'))
  const isVersioned =
    entries.size === 2 &&
    entries.has('data') &&
    typeof metadata === 'object' &&
    metadata.kind === 'map'
  if (!isVersioned) return { data: answered, metadata: undefined }
  const hasData = typeof inner === 'object' && inner.kind === 'map'
  return { data: hasData ? inner : anyMap(new Map()), metadata }
}
