/** What stores can do besides reading, or the error that says they cannot. */
import { AppError } from '../../core/errors.ts'
import { storeTypes } from '../../core/stores/settings/store-types.ts'
import type { Store } from '../../core/stores/store.ts'
import type { OpenedStore } from './open-stores.ts'

type Operation = 'list' | 'write' | 'delete' | 'restore' | 'rotate' | 'history'

/** Throws `store_incapable`, with what the store can. */
export function requireOperation<O extends Operation>(
  { store, settings }: OpenedStore,
  operation: O,
): NonNullable<Store[O]> {
  const found = store[operation]
  if (found) return found
  const { type } = settings
  const can = ['read', ...storeTypes[type].capabilities].filter((one) => one !== 'watch')
  throw new AppError('store_incapable', { store: store.name, type, operation, can: can.join(' ') })
}
