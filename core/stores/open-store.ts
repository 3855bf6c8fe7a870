/** Opens a store of any type; each type's code is loaded when a store of it is opened. */
import type { StoreSettings } from './settings/store-settings.ts'
import type { Store, StorePorts } from './store.ts'

/** Errors: `config_invalid` for settings that lack something, `tls_invalid`. No request is made. */
export async function openStore(settings: StoreSettings, ports: StorePorts): Promise<Store> {
  const store = await openType(settings, ports)
  if (settings.isKeep !== true) return store
  return (await import('./preset/keep-store.ts')).asKeepStore(store, settings.type)
}

async function openType(settings: StoreSettings, ports: StorePorts): Promise<Store> {
  switch (settings.type) {
    case 'vault':
      return (await import('./vault/named-vault.ts')).openVault(settings, ports)
    case 'aws':
      return (await import('./aws/secrets-manager.ts')).openSecretsManager(settings, ports)
    case 'ssm':
      return (await import('./aws/parameter-store.ts')).openParameterStore(settings, ports)
    case 'gcp':
      return (await import('./gcp/secret-manager.ts')).openSecretManager(settings, ports)
    case 'azure':
      return (await import('./azure/key-vault.ts')).openKeyVault(settings, ports)
    case 'k8s':
      return (await import('./kubernetes/secrets.ts')).openSecrets(settings, ports)
    case 'file':
      return (await import('./file/directory.ts')).openDirectory(settings, ports)
    case 'db':
      return (await import('./database/table.ts')).openTable(settings, ports)
  }
}
