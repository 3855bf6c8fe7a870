/** How a store that speaks HTTP is reached: what all types have in common. */
import { readFileSync } from 'node:fs'
import { fingerprintFile } from '../credential-file.ts'
import { toAppError } from '../errors.ts'
import type { TlsMaterial } from '../http/connector.ts'
import type { ExchangeOptions } from '../http/exchange.ts'
import { followTls } from '../http/followed-tls.ts'
import { pickCommonProxy } from '../http/proxy-variables.ts'
import { durationOf, type StoreSettings, settingOf } from './settings/store-settings.ts'
import type { StorePorts } from './store.ts'

const defaultTimeoutMs = 30_000

/** Settings `timeout` and `ca_cert`, for which `caPath` stands where it is absent. Errors: `tls_invalid` with the path that cannot be read. */
export function reachStore(
  settings: StoreSettings,
  { environment, userAgent }: StorePorts,
  caPath: string | undefined = undefined,
): ExchangeOptions {
  return {
    ...followAuthorities(settingOf(settings, 'ca_cert') ?? caPath),
    skipVerify: false,
    timeoutMs: durationOf(settings, 'timeout', defaultTimeoutMs),
    proxy: pickCommonProxy(environment),
    userAgent,
    // No store has a reason to send the pod's identity elsewhere.
    followRedirects: false,
  }
}

function followAuthorities(path: string | undefined): Pick<ExchangeOptions, 'tls' | 'renewTls'> {
  if (path === undefined) return { tls: {} }
  return followTls({ read: () => readAuthorities(path), stamp: () => fingerprintFile(path) })
}

function readAuthorities(path: string): TlsMaterial {
  try {
    return { ca: readFileSync(path) }
  } catch (thrown) {
    throw toAppError(thrown, 'tls_invalid', { path })
  }
}
