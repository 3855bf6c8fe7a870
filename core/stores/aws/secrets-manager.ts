import type { StoreSettings } from '../settings/store-settings.ts'
import type { Store, StorePorts } from '../store.ts'

export function openSecretsManager(settings: StoreSettings, _ports: StorePorts): Store {
  throw new Error(`not built yet: ${settings.type}`)
}
