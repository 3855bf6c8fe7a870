/** Who a store is to Google, by its settings. */
import { createAsk } from '../../cloud/ask.ts'
import { createTokenSource, type TokenSource } from '../../cloud/cloud-token.ts'
import { quotaHeader } from '../../cloud/gcp-impersonation.ts'
import {
  type Federation,
  fetchGoogleToken,
  findQuotaProject,
  type GoogleClient,
} from '../../cloud/gcp-token.ts'
import { type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'
import { wrongSetting } from '../wrong-setting.ts'

export interface GoogleStoreIdentity {
  readonly tokens: TokenSource
  /** Headers that say who pays. Errors: `credentials_unavailable`. */
  readonly headers: () => Readonly<Record<string, string>>
}

/** No request is made before a token is asked for. Errors: `config_invalid`. */
export function createIdentity(settings: StoreSettings, ports: StorePorts): GoogleStoreIdentity {
  const client = readClient(settings)
  const { environment, memory, now } = ports
  const cloudPorts = { ask: createAsk(environment, reachStore(settings, ports)), environment, now }
  const tokens = createTokenSource({
    key: `gcp-token ${JSON.stringify([client, settingOf(settings, 'ca_cert')])}`,
    memory,
    now,
    fetch: () => fetchGoogleToken(client, cloudPorts),
  })
  let headers: Readonly<Record<string, string>> | undefined
  return {
    tokens,
    headers: () => {
      headers ??= quotaHeader(findQuotaProject(client, cloudPorts))
      return headers
    },
  }
}

function readClient(settings: StoreSettings): GoogleClient {
  const kind = kindOf(settingOf(settings, 'identity'))
  const federation = readFederation(settings)
  if (kind === 'federation' && federation === undefined) {
    throw wrongSetting(
      settings,
      'provider',
      'a workload identity provider, for identity=federation',
    )
  }
  return {
    kind,
    federation,
    serviceAccount: settingOf(settings, 'service_account'),
    iamAddress: settingOf(settings, 'iam_endpoint'),
  }
}

function kindOf(text: string | undefined): GoogleClient['kind'] {
  return text === 'federation' || text === 'metadata' || text === 'credentials' ? text : undefined
}

function readFederation(settings: StoreSettings): Federation | undefined {
  const provider = settingOf(settings, 'provider')
  if (provider === undefined) return undefined
  const tokenPath = settingOf(settings, 'token_path')
  if (tokenPath === undefined) {
    throw wrongSetting(settings, 'token_path', 'the file of the projected token, for a provider')
  }
  return { provider, tokenPath, stsAddress: settingOf(settings, 'sts_endpoint') }
}
