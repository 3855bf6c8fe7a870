/** AWS Secrets Manager as a store. Source: https://docs.aws.amazon.com/secretsmanager/latest/apireference. */
import type { StoreSettings } from '../settings/store-settings.ts'
import type { Store, StorePorts } from '../store.ts'
import { findPlace } from './place.ts'
import { createRegions } from './regions.ts'
import { findRotation } from './rotation.ts'
import { listSecrets, listVersions } from './secret-list.ts'
import { createSecretReader } from './secret-read.ts'
import { createSecretWriter } from './secret-write.ts'
import { createServiceClient } from './service-client.ts'

/**
 * A read without a version is `AWSCURRENT`, so that it follows a rotation. It is read whole each time: to ask with `DescribeSecret` whether it
 * changed costs as much, and a call of twenty secrets costs what one does. Errors: `config_invalid`, `tls_invalid`.
 */
export function openSecretsManager(settings: StoreSettings, ports: StorePorts): Store {
  const { environment, now } = ports
  const { name } = settings
  const place = findPlace(settings, environment, 'secretsmanager')
  const options = { service: 'secretsmanager', target: 'secretsmanager', place } as const
  const call = createServiceClient(options, settings, ports)
  const read = createSecretReader({
    store: name,
    region: place.region,
    call,
    regions: createRegions({ ...place, now }),
    ports,
  })
  const writer = createSecretWriter({
    settings,
    environment,
    call,
    rotation: findRotation(settings, environment),
    read,
  })
  return {
    name,
    read,
    ...writer,
    list: (query, signal) => listSecrets(call, query, signal),
    history: (path, signal) => listVersions(call, { store: name, path, signal }),
  }
}
