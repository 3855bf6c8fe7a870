/** Azure Key Vault as a store, through its REST interface. Reads need the permission `get` and no other. */
import type { SecretAnswer } from '../../template/secret-request.ts'
import { createCalls, readEach } from '../read-each.ts'
import { pairsOf, type StoreSettings } from '../settings/store-settings.ts'
import type { Store, StorePorts, StoreRead } from '../store.ts'
import { heldBytes, storedAnswer } from '../stored-answer.ts'
import { createVault, type Vault } from './api.ts'
import { deleteSecret, restoreSecret } from './delete-secret.ts'
import { listSecrets, listVersions } from './list-secrets.ts'
import { readAttributes, readId, toVaultName } from './secret-bundle.ts'
import { decodeValue } from './secret-value.ts'
import { readValue, writeSecret } from './write-secret.ts'

/** No request is made. Errors: `config_invalid`, `tls_invalid`. */
export function openKeyVault(settings: StoreSettings, ports: StorePorts): Store {
  const store = settings.name
  const vault = createVault(settings, ports)
  const tags = pairsOf(settings, 'tags')
  const named = createCalls(store)
  return {
    name: store,
    read: (reads, signal) =>
      readEach(reads, {
        store,
        signal,
        read: (each) => readSecret(vault, each, { store, signal }),
      }),
    list: (query, signal) =>
      named(query.prefix ?? '', () => listSecrets(vault, query, { store, signal })),
    write: (write, signal) =>
      named(write.path, () => writeSecret(vault, write, { store, tags, signal })),
    delete: (path, options, signal) =>
      named(path, () => deleteSecret(vault, options, { path, store, signal })),
    restore: (path, signal) => named(path, () => restoreSecret(vault, { path, store, signal })),
    history: (path, signal) => named(path, () => listVersions(vault, path, { store, signal })),
  }
}

interface ReadOptions {
  readonly store: string
  readonly signal: AbortSignal | undefined
}

/** Whether a version is new cannot be asked for less: what tells versions without their values needs the permission `list`. */
async function readSecret(
  vault: Vault,
  { path, version }: StoreRead,
  { store, signal }: ReadOptions,
): Promise<SecretAnswer> {
  const facts = { store, path }
  const name = toVaultName(path, store)
  const resource =
    version === undefined ? `/secrets/${name}` : `/secrets/${name}/${encodeURIComponent(version)}`
  const call = { method: 'GET', resource, permission: 'get', facts } as const
  const bundle = await vault.call(call, signal)
  return storedAnswer({
    content: { kind: 'whole', bytes: heldBytes(decodeValue(readValue(bundle, facts))) },
    version: readId(bundle, facts).version,
    expiresAt: readAttributes(bundle).expiresAt,
  })
}
