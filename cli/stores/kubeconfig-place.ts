/** The API server of a kubeconfig, as the store of Kubernetes Secrets asks it. Loading this file loads the Kubernetes client. */
import type { RequestOptions } from 'node:https'
import type { ApiPlace } from '../../core/stores/kubernetes/api-place.ts'
import { type StoreSettings, settingOf } from '../../core/stores/settings/store-settings.ts'
import type { StorePorts } from '../../core/stores/store.ts'
import { reachStore } from '../../core/stores/store-exchange.ts'
import type { ClusterChoice } from '../cluster/flags.ts'
import { loadKubeconfig } from '../cluster/kubeconfig.ts'
import { addCredentials } from '../cluster/request.ts'

/** Credentials are asked for once: a command is short. Errors: `config_invalid`, as every verb that asks a cluster. */
export async function findKubeconfigPlace(
  settings: StoreSettings,
  choice: ClusterChoice,
  ports: StorePorts,
): Promise<ApiPlace> {
  const config = loadKubeconfig(choice, ports.environment)
  const options: RequestOptions = {}
  await addCredentials(config, options)
  const cluster = config.getCurrentCluster()
  const { ca, cert, key, servername, auth, rejectUnauthorized } = options
  const headers = {
    ...textsOf(options.headers),
    ...(auth ? { authorization: `Basic ${Buffer.from(auth).toString('base64')}` } : {}),
  }
  const inContext = config.getContextObject(config.getCurrentContext())?.namespace
  const proxy = cluster?.proxyUrl
  return {
    server: (cluster?.server ?? '').replace(/\/+$/, ''),
    namespace:
      settingOf(settings, 'namespace', ports.environment) ??
      choice.namespace ??
      inContext ??
      'default',
    options: {
      ...reachStore(settings, ports),
      tls: { ca, cert, key },
      skipVerify: rejectUnauthorized === false,
      ...(servername === undefined ? {} : { serverName: servername }),
      ...(proxy === undefined ? {} : { proxy: { HTTPS_PROXY: proxy, HTTP_PROXY: proxy } }),
    },
    authorization: () => headers,
    now: ports.now,
  }
}

function textsOf(headers: RequestOptions['headers'] = {}): Readonly<Record<string, string>> {
  return Object.fromEntries(
    Object.entries(headers).flatMap(([name, value]): [string, string][] =>
      typeof value === 'string' ? [[name.toLowerCase(), value]] : [],
    ),
  )
}
