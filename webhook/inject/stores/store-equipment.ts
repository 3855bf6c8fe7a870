/** What the agent is given for the stores that it reads from: their settings, tokens, the cluster's CA. */
import type { StoreSettings } from '../../../core/stores/settings/store-settings.ts'
import { agentDirectories } from '../kinds/path-kinds.ts'
import type { PodStore } from './pod-store.ts'
import { type CloudName, identify, type StoreIdentity } from './store-identity.ts'

export interface StoreEquipment {
  /** As the agent's configuration has them. */
  readonly entries: readonly StoreSettings[]
  /** ServiceAccount tokens for the agent's containers, one for each audience. */
  readonly tokens: readonly StoreToken[]
  /** Whether the CA of the cluster lies beside the tokens. */
  readonly needsClusterCa: boolean
  /** The file of the token for the agent of EKS Pod Identity, where a store asks that for its keys. */
  readonly podIdentityToken: string | undefined
  /** Whether a store looks for Secrets in the pod's own namespace. */
  readonly needsNamespace: boolean
  readonly copies: readonly CloudName[]
}

export interface StoreToken {
  /** Undefined for that of the API server. */
  readonly audience: string | undefined
  /** Within the volume. */
  readonly file: string
}

/** Of the cluster's CA, beside the tokens. */
export const caFile = 'ca.crt'

export function equip(stores: readonly PodStore[]): StoreEquipment {
  const needs = stores.map(({ settings }) => ({ settings, identity: identify(settings) }))
  const tokens = nameTokens(needs.map(({ identity }) => identity))
  const locate = ({ token }: StoreIdentity) => {
    const found = tokens.find(({ audience }) => token !== undefined && audience === token.audience)
    return found === undefined ? undefined : place(found.file)
  }
  const [podIdentityToken] = needs.flatMap(({ identity, settings }) =>
    identity.isPodIdentity ? [locate(identity) ?? settings.values.get('token_path')] : [],
  )
  return {
    entries: needs.map(({ settings, identity }) => complete(settings, identity, locate(identity))),
    tokens,
    needsClusterCa: needs.some(({ identity }) => identity.needsClusterCa),
    podIdentityToken,
    needsNamespace: stores.some(
      ({ settings: { type, values } }) => type === 'k8s' && !values.has('namespace'),
    ),
    copies: [...new Set(needs.flatMap(({ identity }) => identity.copies))],
  }
}

/** With the settings that the webhook adds. */
function complete(
  settings: StoreSettings,
  { needsClusterCa }: StoreIdentity,
  tokenPath: string | undefined,
): StoreSettings {
  const added = [
    ...(tokenPath === undefined ? [] : [['token_path', tokenPath] as const]),
    ...(needsClusterCa ? [['ca_cert', place(caFile)] as const] : []),
  ]
  return { ...settings, values: new Map([...settings.values, ...added]) }
}

function place(file: string): string {
  return `${agentDirectories.storeTokens}/${file}`
}

/** Named after the audience, so that people find their way in the container; `cluster` is the API server's. */
function nameTokens(identities: readonly StoreIdentity[]): readonly StoreToken[] {
  const tokens: StoreToken[] = []
  for (const { token } of identities) {
    if (token === undefined || tokens.some(({ audience }) => audience === token.audience)) continue
    const { audience } = token
    const name = audience === undefined ? 'cluster' : nameAudience(audience)
    const isTaken = tokens.some(({ file }) => file === `${name}.token`)
    tokens.push({ audience, file: `${name}${isTaken ? `-${tokens.length}` : ''}.token` })
  }
  return tokens
}

function nameAudience(audience: string): string {
  const name = audience.replaceAll(/[^A-Za-z0-9.-]+/g, '_').replace(/^[._-]+/, '')
  return name.slice(0, 60) || 'audience'
}
