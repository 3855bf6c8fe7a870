/** Stores that nobody configured. Apart from references, whose readers need no table of types before they meet a version. */
import { type StoreTypeName, storeTypeNames } from './store-types.ts'

/** A store of each type by the type's own name: what there is where nobody configured any. */
export const bareStores: ReadonlyMap<string, StoreTypeName> = new Map(
  storeTypeNames.map((name) => [name, name] as const),
)
