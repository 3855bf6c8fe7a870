import type { StoreSettings } from '../settings/store-settings.ts'
import type { Store, StorePorts } from '../store.ts'

export function openSecrets(settings: StoreSettings, _ports: StorePorts): Store {
  throw new Error(`not built yet: ${settings.type}`)
}
