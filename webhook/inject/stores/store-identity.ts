/** What the agent needs to prove to a store who the pod is, out of the store's settings. Source: the clouds' own webhooks and SDKs. */
import type { StoreSettings } from '../../../core/stores/settings/store-settings.ts'
import { storeTypes } from '../../../core/stores/settings/store-types.ts'
import { audienceOf } from '../../../core/stores/settings/workload-provider.ts'

/** What a cloud's own webhook, or somebody else, gave to the app's containers. */
export type CloudName = 'aws' | 'aws-region' | 'azure' | 'gcp'

export interface StoreIdentity {
  /** The projected ServiceAccount token that it shows; undefined for none. */
  readonly token: TokenNeed | undefined
  /** Whether it checks the API server of the cluster. */
  readonly needsClusterCa: boolean
  /** Whether the token goes to the agent of EKS Pod Identity on the node. */
  readonly isPodIdentity: boolean
  /** What it takes over from the app's containers, where they have it. */
  readonly copies: readonly CloudName[]
}

export interface TokenNeed {
  /** Undefined for that of the API server. */
  readonly audience: string | undefined
}

const none: StoreIdentity = {
  token: undefined,
  needsClusterCa: false,
  isPodIdentity: false,
  copies: [],
}

/** A store whose settings name a file of a token brings its own. */
export function identify(settings: StoreSettings): StoreIdentity {
  const identity = describe(settings)
  return settings.values.has('token_path') ? { ...identity, token: undefined } : identity
}

function describe(settings: StoreSettings): StoreIdentity {
  switch (settings.type) {
    case 'aws':
    case 'ssm':
      return describeAws(settings)
    case 'gcp':
      return describeGcp(settings)
    case 'azure':
      return describeAzure(settings)
    case 'vault':
      return describeVault(settings)
    case 'k8s':
      return describeKubernetes(settings)
    case 'file':
    case 'db':
      return none
  }
}

const podIdentityAudience = 'pods.eks.amazonaws.com'

function describeAws({ type, values }: StoreSettings): StoreIdentity {
  const identity = values.get('identity')
  const region: readonly CloudName[] = values.has('region') ? [] : ['aws-region']
  const audience = values.get('audience')
  if (identity === 'pod-identity') {
    return { ...show(audience ?? podIdentityAudience), isPodIdentity: true, copies: region }
  }
  if (identity === 'environment' || identity === 'instance') return { ...none, copies: region }
  if (!values.has('role_arn')) return { ...none, copies: ['aws'] }
  return {
    ...show(audience ?? storeTypes[type === 'ssm' ? 'ssm' : 'aws'].audience),
    copies: region,
  }
}

function describeGcp({ values }: StoreSettings): StoreIdentity {
  const copies: readonly CloudName[] = values.has('project') ? [] : ['gcp']
  const { provider, audience } = Object.fromEntries(values)
  const isFederated = (values.get('identity') ?? 'federation') === 'federation'
  if (provider === undefined || !isFederated) return { ...none, copies }
  return { ...show(audience ?? audienceOf(provider)), copies }
}

function describeAzure({ values }: StoreSettings): StoreIdentity {
  if ((values.get('identity') ?? 'workload') !== 'workload') return none
  if (!values.has('client_id')) return { ...none, copies: ['azure'] }
  return show(values.get('audience') ?? storeTypes.azure.audience)
}

function describeVault({ values }: StoreSettings): StoreIdentity {
  const audience = values.get('audience')
  const auth = values.get('auth') ?? 'kubernetes'
  if (auth === 'token') return none
  return show(auth === 'jwt' ? (audience ?? storeTypes.vault.audience) : audience)
}

/** Another cluster's API server is shown nothing of this one unless the settings say so. */
function describeKubernetes({ values }: StoreSettings): StoreIdentity {
  if (values.has('server')) return none
  return { ...show(undefined), needsClusterCa: !values.has('ca_cert') }
}

function show(audience: string | undefined): StoreIdentity {
  return { ...none, token: { audience } }
}
