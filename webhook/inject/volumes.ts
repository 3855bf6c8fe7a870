/** The volumes that injection adds, and where they are mounted. */
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { agentDirectories } from './path-kinds.ts'
import type { TokenSource } from './settings/token.ts'
import type { InjectionSettings } from './settings.ts'

const stateVolume = 'vault-agent-state'

/** The file with the ServiceAccount token that the agent logs in with. */
export function locateToken({ path }: TokenSource): string {
  return `${agentDirectories.token}/${path}`
}

/** Token, leases and versions that the init container hands to the sidecar. */
export const statePath = `${agentDirectories.state}/state.json`

/** Token, state, one memory volume for each directory of secrets, then the Secrets for the agent. */
export function buildVolumes(settings: InjectionSettings): readonly V1Volume[] {
  const { profile, directories, token } = settings
  const memory = (name: string): V1Volume => ({
    name,
    emptyDir: { medium: 'Memory', sizeLimit: profile.memoryVolumeLimit },
  })
  const serviceAccountToken = {
    path: token.path,
    expirationSeconds: profile.tokenExpirationSeconds,
  }
  return [
    ...(token.added
      ? [{ name: token.volume, projected: { sources: [{ serviceAccountToken }] } }]
      : []),
    memory(stateVolume),
    ...directories.map((_, index) => memory(nameSecretsVolume(index))),
    ...listAgentSecrets(settings).map(({ name, secretName }) => ({ name, secret: { secretName } })),
  ]
}

/** Source: vault-k8s, the names of these volumes. */
function listAgentSecrets({ extraSecret, store }: InjectionSettings) {
  const { extra, tls } = agentDirectories
  return [
    { name: 'extra-secrets', secretName: extraSecret, mountPath: extra },
    { name: 'vault-tls-secrets', secretName: store.tlsSecret, mountPath: tls },
  ].flatMap(({ secretName, ...rest }) =>
    secretName === undefined ? [] : [{ secretName, ...rest }],
  )
}

/** What injection brings, then what the pod asked to copy. */
export function buildAgentMounts(settings: InjectionSettings): readonly V1VolumeMount[] {
  const copied = settings.placement.copiedMounts.map(({ mount, name, path }) => ({
    ...mount,
    name,
    mountPath: path,
  }))
  return [...buildOwnMounts(settings), ...copied]
}

/** Token, state, the directories of secrets, then the Secrets for the agent. */
export function buildOwnMounts(settings: InjectionSettings): readonly V1VolumeMount[] {
  return [
    { name: settings.token.volume, mountPath: agentDirectories.token, readOnly: true },
    { name: stateVolume, mountPath: agentDirectories.state },
    ...settings.directories.map((mountPath, index) => ({
      name: nameSecretsVolume(index),
      mountPath,
    })),
    ...listAgentSecrets(settings).map(({ name, mountPath }) => ({
      name,
      mountPath,
      readOnly: true,
    })),
  ]
}

/** The directories of secrets alone: token and state are nobody's but the agent's. */
export function buildAppMounts({
  profile,
  directories,
}: InjectionSettings): readonly V1VolumeMount[] {
  return directories.map((mountPath, index) => ({
    name: nameSecretsVolume(index),
    mountPath,
    ...(profile.readOnlySecrets ? { readOnly: true } : {}),
  }))
}

/** Source: vault-k8s, the names of the secret volumes. */
function nameSecretsVolume(index: number): string {
  return index === 0 ? 'vault-secrets' : `vault-secrets-custom-${index - 1}`
}
