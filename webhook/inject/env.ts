/** The environment of the agent containers. */
import type { V1EnvVar } from '@kubernetes/client-node'
import { buildAgentConfig, encodeAgentConfig } from './agent-config.ts'
import type { InjectionSettings } from './settings.ts'

const downward = (name: string, fieldPath: string): V1EnvVar => ({
  name,
  valueFrom: { fieldRef: { fieldPath } },
})

const given = (name: string, value: string | undefined): readonly V1EnvVar[] =>
  value === undefined ? [] : [{ name, value }]

/** No entry holds a secret: a pod's environment can be read by whoever can read pods. */
export function buildEnv(
  settings: InjectionSettings,
  role: { readonly init: boolean },
): readonly V1EnvVar[] {
  const { log, store } = settings
  return [
    downward('NAMESPACE', 'metadata.namespace'),
    downward('HOST_IP', 'status.hostIP'),
    downward('POD_IP', 'status.podIP'),
    downward('POD_NAME', 'metadata.name'),
    { name: 'VAULT_LOG_LEVEL', value: log.level },
    { name: 'VAULT_LOG_FORMAT', value: log.format },
    { name: 'VAULT_CONFIG', value: encodeAgentConfig(buildAgentConfig(settings, role)) },
    // The kubelet fills $(HOST_IP) in here, not in the configuration above; an agent prefers this one.
    { name: 'VAULT_ADDR', value: store.address },
    ...given('VAULT_CLIENT_TIMEOUT', store.timeout),
    ...given('VAULT_CACERT_BYTES', store.caPem),
  ]
}
