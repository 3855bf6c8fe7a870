/** Google Cloud Secret Manager as a store, through its REST interface, version 1. */
import { createCalls, readEach } from '../read-each.ts'
import { listOf, pairsOf, type StoreSettings } from '../settings/store-settings.ts'
import type { Store, StorePorts } from '../store.ts'
import { createSecretManager } from './api.ts'
import { listSecrets, listVersions } from './list-secrets.ts'
import { createReader } from './read-secret.ts'
import { createWriter } from './write-secret.ts'

/** No request is made. Errors: `config_invalid`, `tls_invalid`. */
export function openSecretManager(settings: StoreSettings, ports: StorePorts): Store {
  const store = settings.name
  const manager = createSecretManager(settings, ports)
  const reader = createReader(manager, store, ports)
  const writer = createWriter(manager, {
    store,
    labels: pairsOf(settings, 'labels'),
    replicas: listOf(settings, 'replicas'),
    reader,
  })
  const named = createCalls(store)
  return {
    name: store,
    read: (reads, signal) =>
      readEach(reads, {
        store,
        signal,
        countsVersions: true,
        read: (each) => reader.read(each, signal),
      }),
    list: (query, signal) =>
      named(query.prefix ?? '', () => listSecrets(manager, query, { store, signal })),
    write: (write, signal) => named(write.path, () => writer.write(write, signal)),
    // There is no other way than for good, and no time in which it could be undone.
    delete: (path, _, signal) => named(path, () => writer.remove(path, signal)),
    history: (path, signal) => named(path, () => listVersions(manager, path, { store, signal })),
  }
}
