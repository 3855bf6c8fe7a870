/** Configured stores as references know them. */
import type { ReferenceStores } from '../../reference.ts'
import { type StoreType, type StoreTypeName, storeTypes } from './store-types.ts'

export interface KnownStores {
  /** Name → type. */
  readonly types: ReadonlyMap<string, StoreTypeName>
  /** The store of references without a prefix; undefined: the pod's own Vault. */
  readonly fallback?: string | undefined
}

/** What references may name where these stores, and no others, are known. */
export function toReferenceStores({ types, fallback }: KnownStores): ReferenceStores {
  return {
    fallback,
    names: new Set(types.keys()),
    isVersion: (store, text) => {
      const type = store === undefined ? 'vault' : types.get(store)
      return type !== undefined && isVersionOf(storeTypes[type], text)
    },
  }
}

function isVersionOf({ version }: StoreType, text: string): boolean {
  return version?.pattern.test(text) === true
}
