/** Where the API server is and who asks it. */
import { readTrimmed, requireTrimmed } from '../../credential-file.ts'
import { AppError } from '../../errors.ts'
import type { ExchangeOptions } from '../../http/exchange.ts'
import { flagOf, type StoreSettings, settingOf } from '../settings/store-settings.ts'
import type { StorePorts } from '../store.ts'
import { reachStore } from '../store-exchange.ts'

export interface ApiPlace {
  /** Without a slash at its end. */
  readonly server: string
  readonly namespace: string
  readonly options: ExchangeOptions
  /** Empty where there is no token. Errors: `jwt_unreadable`. */
  readonly authorization: () => Readonly<Record<string, string>>
  /** Milliseconds since the epoch. */
  readonly now: () => number
}

/** What every pod has of its own cluster. Source: Kubernetes, "Accessing the Kubernetes API from a Pod". */
const projected = '/var/run/secrets/kubernetes.io/serviceaccount'

/**
 * The pod's own cluster and ServiceAccount unless the settings say otherwise: another server gets neither token nor authorities
 * of this cluster unless they are named. The token is read for each request, since the kubelet replaces it before it expires.
 * Errors: `config_invalid`, `tls_invalid`.
 */
export function findPlace(settings: StoreSettings, ports: StorePorts): ApiPlace {
  const { environment } = ports
  const given = settingOf(settings, 'server', environment)
  const server = given ?? ownServer(ports)
  if (server === undefined) throw incomplete(settings, 'no server, and this is no pod')
  const isOwn = given === undefined
  const namespace =
    settingOf(settings, 'namespace', environment) ??
    (isOwn ? readTrimmed(`${projected}/namespace`) : undefined)
  if (namespace === undefined) throw incomplete(settings, 'no namespace')
  const tokenPath =
    settingOf(settings, 'token_path', environment) ?? (isOwn ? `${projected}/token` : undefined)
  return {
    now: ports.now,
    server: server.replace(/\/+$/, ''),
    namespace,
    options: {
      ...reachStore(settings, ports, isOwn ? `${projected}/ca.crt` : undefined),
      skipVerify: flagOf(settings, 'skip_verify', environment),
    },
    authorization: () =>
      tokenPath === undefined
        ? {}
        : { authorization: `Bearer ${requireTrimmed(tokenPath, 'jwt_unreadable')}` },
  }
}

function ownServer({ environment }: StorePorts): string | undefined {
  const host = environment['KUBERNETES_SERVICE_HOST']
  if (host === undefined || host === '') return undefined
  const port = environment['KUBERNETES_SERVICE_PORT'] ?? '443'
  return `https://${host.includes(':') ? `[${host}]` : host}:${port}`
}

function incomplete({ name }: StoreSettings, reason: string): AppError {
  return new AppError('config_invalid', { store: name, reason })
}
