/** The authorities that a service is verified by. */
import { readFileSync } from 'node:fs'
import { toAppError } from '../../errors.ts'
import type { TlsMaterial } from '../../http/connector.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'

/** Errors: `tls_invalid` with the path. */
export function readCaCert(settings: StoreSettings): TlsMaterial {
  const path = settingOf(settings, 'ca_cert')
  if (path === undefined) return {}
  try {
    return { ca: readFileSync(path, 'utf8') }
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { store: settings.name, path })
  }
}
