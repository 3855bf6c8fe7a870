/** The volumes that injection adds, and where the agent's containers and the app's mount them. */
import type { V1Volume, V1VolumeMount } from '@kubernetes/client-node'
import { agentDirectories } from '../kinds/path-kinds.ts'
import type { ContainerView } from '../pod.ts'
import type { SecretVolume } from '../settings/secret-volumes.ts'
import type { InjectionSettings } from '../settings/settings.ts'
import type { TokenSource } from '../settings/token-source.ts'
import { caFile } from '../stores/store-equipment.ts'

export type AgentRole = 'init' | 'sidecar'

/** The two lists of containers in a pod's spec. */
export type ContainerList = 'containers' | 'initContainers'

const stateVolume = 'vault-agent-state'
const cacheVolume = 'vault-agent-cache'
const storeTokensVolume = 'vault-agent-stores'

/** The file with the ServiceAccount token that the agent logs in with. */
export function locateToken({ mountPath, path }: TokenSource): string {
  return `${mountPath}/${path}`.replace(/\/{2,}/g, '/')
}

/** Token, leases and versions that the init container hands to the sidecar. */
export const statePath = `${agentDirectories.state}/state.json`

/** Whether the containers share a state; a stock agent has none, and vault-k8s no volume for it. */
export function keepsState({ agent, profile }: InjectionSettings): boolean {
  return agent.flavour === 'claviger' && !profile.lenient
}

/** Whether a volume hands the cache from the init container to the sidecar; a state does that better. */
export function sharesCache(settings: InjectionSettings): boolean {
  return settings.listener.cache === 'shared' && !keepsState(settings)
}

/** Whether the containers get the home directory in which a stock agent keeps its files, and where a ConfigMap may want some. */
export function hasHome({ agent, profile, configMap }: InjectionSettings): boolean {
  return agent.flavour !== 'claviger' || profile.lenient || configMap !== undefined
}

/** In the groups in which vault-k8s adds them. Source of names and order: vault-k8s, agent-inject/agent/agent.go. */
export function buildVolumeGroups(settings: InjectionSettings): readonly (readonly V1Volume[])[] {
  const { placement, token, volumes, configMap, extraSecret, store, volumeSize } = settings
  const memory = (name: string): V1Volume => ({
    name,
    emptyDir: { medium: 'Memory', ...(volumeSize === '' ? {} : { sizeLimit: volumeSize }) },
  })
  const secret = (name: string, secretName: string | undefined): readonly V1Volume[] =>
    secretName === undefined ? [] : [{ name, secret: { secretName } }]
  const when = (condition: boolean, name: string) => (condition ? [memory(name)] : [])
  return [
    token.added && settings.needsVault ? [buildTokenVolume(settings)] : [],
    hasStoreTokens(settings) ? [buildStoreTokensVolume(settings)] : [],
    when(keepsState(settings), stateVolume),
    when(hasHome(settings) && placement.init, 'home-init'),
    when(hasHome(settings) && placement.sidecar, 'home-sidecar'),
    volumes.map(({ name }) => memory(name)),
    configMap === undefined ? [] : [{ name: 'vault-config', configMap: { name: configMap } }],
    secret('extra-secrets', extraSecret),
    secret('vault-tls-secrets', store.tlsSecret),
    when(sharesCache(settings), cacheVolume),
  ]
}

function buildTokenVolume({ token, profile }: InjectionSettings): V1Volume {
  const serviceAccountToken = {
    path: token.path,
    expirationSeconds: profile.tokenExpirationSeconds,
    ...(token.audience === undefined ? {} : { audience: token.audience }),
  }
  return { name: token.volume, projected: { sources: [{ serviceAccountToken }] } }
}

function hasStoreTokens({ stores }: InjectionSettings): boolean {
  return stores.tokens.length > 0 || stores.needsClusterCa
}

/** For the agent's containers alone. Source of the ConfigMap: Kubernetes, which publishes it in every namespace. */
function buildStoreTokensVolume({ stores, profile }: InjectionSettings): V1Volume {
  const tokens = stores.tokens.map(({ audience, file }) => ({
    serviceAccountToken: {
      path: file,
      expirationSeconds: profile.tokenExpirationSeconds,
      ...(audience === undefined ? {} : { audience }),
    },
  }))
  const items = [{ key: 'ca.crt', path: caFile }]
  const ca = stores.needsClusterCa ? [{ configMap: { name: 'kube-root-ca.crt', items } }] : []
  return { name: storeTokensVolume, projected: { sources: [...tokens, ...ca] } }
}

/** Source of the order: vault-k8s, container_init_sidecar.go and container_sidecar.go. */
export function buildAgentMounts(
  settings: InjectionSettings,
  role: AgentRole,
): readonly V1VolumeMount[] {
  const copied = settings.placement.copiedMounts.map(({ mount, name, path }) => ({
    ...mount,
    name,
    mountPath: path,
  }))
  const { head, secrets, extra, tail } = listOwnMounts(settings, role)
  return [...head, ...secrets, ...extra, ...copied, ...tail]
}

/** What injection brings, without what the pod asked to copy. */
export function buildOwnMounts(
  settings: InjectionSettings,
  role: AgentRole,
): readonly V1VolumeMount[] {
  const { head, secrets, extra, tail } = listOwnMounts(settings, role)
  return [...head, ...secrets, ...extra, ...tail]
}

function listOwnMounts(settings: InjectionSettings, role: AgentRole) {
  const { cloud, volumes, configMap, extraSecret, store } = settings
  const when = (condition: boolean, mount: V1VolumeMount) => (condition ? [mount] : [])
  const home = when(hasHome(settings), { name: `home-${role}`, mountPath: agentDirectories.home })
  const readOnly = (name: string, mountPath: string) => ({ name, mountPath, readOnly: true })
  const { volume, mountPath } = settings.token
  const token = when(settings.needsVault, readOnly(volume, mountPath))
  const storeTokens = when(
    hasStoreTokens(settings),
    readOnly(storeTokensVolume, agentDirectories.storeTokens),
  )
  return {
    head: [
      ...(role === 'init' ? [...home, ...token] : [...token, ...home]),
      ...storeTokens,
      ...cloud.mounts.map(({ name, path }) => readOnly(name, path)),
      ...when(keepsState(settings), { name: stateVolume, mountPath: agentDirectories.state }),
    ],
    secrets: volumes.map(({ name, directory }) => ({ name, mountPath: directory })),
    extra: when(extraSecret !== undefined, readOnly('extra-secrets', agentDirectories.extra)),
    tail: [
      ...when(configMap !== undefined, readOnly('vault-config', agentDirectories.config)),
      ...when(store.tlsSecret !== undefined, readOnly('vault-tls-secrets', agentDirectories.tls)),
      ...when(sharesCache(settings), { name: cacheVolume, mountPath: agentDirectories.cache }),
    ],
  }
}

/** The volumes of secrets that a container of the pod mounts: token and state are nobody's but the agent's. */
export function listSeenVolumes(
  { name }: ContainerView,
  list: ContainerList,
  { volumes, placement }: InjectionSettings,
): readonly SecretVolume[] {
  // Init containers see the secrets whenever an agent runs before the app. Source: vault-k8s.
  const seesShared =
    list === 'initContainers' ? placement.init : (placement.containers?.includes(name) ?? true)
  return volumes.filter(({ containers }) => containers?.includes(name) ?? seesShared)
}

/** Init containers may write, keystore builders for one; native sidecars are part of the app. */
export function buildAppMounts(
  container: ContainerView,
  list: ContainerList,
  settings: InjectionSettings,
): readonly V1VolumeMount[] {
  const isApp = list === 'containers' || container.restartsAlways
  return listSeenVolumes(container, list, settings).map(({ name, directory }) => ({
    name,
    mountPath: directory,
    ...(isApp && settings.placement.readOnly ? { readOnly: true } : {}),
  }))
}
