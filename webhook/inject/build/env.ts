/** The environment of the agent containers. */
import type { V1EnvVar } from '@kubernetes/client-node'
import type { InjectionSettings } from '../settings/settings.ts'

const downward = (name: string, fieldPath: string): V1EnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
})

const given = (name: string, value: string | undefined): readonly V1EnvVar[] =>
  value === undefined ? [] : [{ name, value }]

/**
 * No entry holds a secret: a pod's environment can be read by whoever can read pods. `config` is the value of VAULT_CONFIG, undefined
 * where a ConfigMap has the configuration. Source of the order: vault-k8s, container_env.go.
 */
export function buildEnv(
  settings: InjectionSettings,
  config: string | undefined,
): readonly V1EnvVar[] {
  const { log, store, goMaxProcs, profile, cloud, tracesEndpoint } = settings
  return [
    downward('NAMESPACE', 'metadata.namespace'),
    downward('HOST_IP', 'status.hostIP'),
    downward('POD_IP', 'status.podIP'),
    ...(profile.lenient ? [] : [downward('POD_NAME', 'metadata.name')]),
    ...given('GOMAXPROCS', goMaxProcs),
    ...given('VAULT_CLIENT_TIMEOUT', store.timeout),
    ...given('VAULT_MAX_RETRIES', store.maxRetries),
    ...given('VAULT_LOG_LEVEL', log.level),
    ...given('VAULT_LOG_FORMAT', log.format),
    // Not in the configuration: the kubelet fills in `$(HOST_IP)` here only.
    ...given('OTEL_EXPORTER_OTLP_ENDPOINT', tracesEndpoint),
    ...given('HTTPS_PROXY', store.proxy),
    ...given('NO_PROXY', store.noProxy),
    ...given('VAULT_CONFIG', config),
    ...buildConnection(settings, config),
    ...given('VAULT_CACERT_BYTES', store.caPem),
    ...cloud.env,
    ...buildStoreEnv(settings),
  ]
}

/** Where EKS Pod Identity answers on every node. Source: its SDK reference. */
const podIdentityAddress = 'http://169.254.170.23/v1/credentials'

/** What stores take from their environment. */
function buildStoreEnv({ stores, cloud }: InjectionSettings): readonly V1EnvVar[] {
  const { podIdentityToken, needsNamespace } = stores
  const podIdentity =
    podIdentityToken === undefined
      ? []
      : [
          ...given('AWS_CONTAINER_CREDENTIALS_FULL_URI', podIdentityAddress),
          ...given('AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE', podIdentityToken),
        ]
  return [
    ...podIdentity.filter(({ name }) => cloud.env.every((other) => other.name !== name)),
    ...(needsNamespace ? [downward('K8S_NAMESPACE', 'metadata.namespace')] : []),
  ]
}

/** Where the configuration does not say it, or where the kubelet fills in `$(HOST_IP)`, which it does here only. */
function buildConnection(
  { store, profile, agent, needsVault }: InjectionSettings,
  config: string | undefined,
): readonly V1EnvVar[] {
  const address = given('VAULT_ADDR', (needsVault && store.address) || undefined)
  if (config !== undefined && profile.lenient) return []
  if (config !== undefined && agent.flavour === 'claviger') return address
  return [
    ...address,
    ...given('VAULT_CACERT', store.caCert),
    ...given('VAULT_CAPATH', store.caPath),
    ...given('VAULT_CLIENT_CERT', store.clientCert),
    ...given('VAULT_CLIENT_KEY', store.clientKey),
    { name: 'VAULT_SKIP_VERIFY', value: String(store.skipVerify) },
    ...given('VAULT_TLS_SERVER_NAME', store.serverName),
    // vault-k8s forgets it.
    ...(profile.lenient ? [] : given('VAULT_NAMESPACE', store.namespace)),
  ]
}
