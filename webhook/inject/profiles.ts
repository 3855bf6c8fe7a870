/** Profiles: named sets of defaults for the pod that comes out, and nothing more. */
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { StoreSettings } from '../../core/stores/settings/store-settings.ts'
import type { PolicyPreset } from '../../core/template/policy.ts'
import type { Policy } from '../policy/policy.ts'
import { type Prefix, prefixes } from './annotations/annotation.ts'
import type { Flavour, PullPolicy } from './annotations/container-annotations.ts'
import type { Inherited } from './annotations/inherited.ts'
import type { Problem } from './problem.ts'

/** Quantities by resource; what is absent is not set. */
export interface ResourceList {
  readonly cpu?: string
  readonly memory?: string
  readonly ephemeralStorage?: string
}

export interface Resources {
  readonly requests: ResourceList
  readonly limits: ResourceList
}

export interface Profile {
  readonly name: string
  /** Those that are read. */
  readonly prefixes: readonly Prefix[]
  /** Whether values are read and pods judged as vault-k8s does it; what only we would mind becomes a warning. */
  readonly lenient: boolean
  /** Used unless the operator names another; undefined where there is no sensible one. */
  readonly image: string | undefined
  readonly resources: Resources
  readonly secretsPath: string
  /** Whether agents may be sent only to addresses that can be a store's; see webhook/policy/address.ts. */
  readonly guardsAddresses: boolean
  /** What templates may reach besides the store. */
  readonly templatePolicy: PolicyPreset
  /** Whether the app's containers may only read the directory of the secrets. */
  readonly readOnlySecrets: boolean
  /** Upper bound of each memory volume; empty for none. */
  readonly memoryVolumeLimit: string
  /** Whether the agent gets a ServiceAccount token of its own. */
  readonly ownToken: boolean
  /** Lifetime of that token; the kubelet renews it at 80 %. */
  readonly tokenExpirationSeconds: number
  /** Whether the sidecar of a pod that runs to completion is a native one. */
  readonly nativeSidecars: boolean
  /** Whether the agent's security context asks for the seccomp profile of the runtime, as Pod Security `restricted` demands. */
  readonly seccomp: boolean
  readonly runAsUser: number
  readonly runAsGroup: number
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
}

const claviger: Profile = {
  name: 'claviger',
  prefixes,
  lenient: false,
  image: undefined,
  resources: { requests: { cpu: '10m', memory: '24Mi' }, limits: { memory: '128Mi' } },
  secretsPath: '/vault/secrets',
  guardsAddresses: true,
  templatePolicy: 'restricted',
  readOnlySecrets: true,
  memoryVolumeLimit: '16Mi',
  ownToken: true,
  tokenExpirationSeconds: 3600,
  nativeSidecars: true,
  seccomp: true,
  runAsUser: 100,
  runAsGroup: 1000,
  logLevel: 'info',
  logFormat: 'standard',
}

/** Source: vault-k8s 1.7.6, its pods and its defaults. */
const stock: Profile = {
  ...claviger,
  name: 'vault-k8s',
  prefixes: ['vault.hashicorp.com/'],
  lenient: true,
  image: 'hashicorp/vault:2.0.4',
  resources: {
    requests: { cpu: '250m', memory: '64Mi' },
    limits: { cpu: '500m', memory: '128Mi' },
  },
  guardsAddresses: false,
  templatePolicy: 'stock',
  readOnlySecrets: false,
  memoryVolumeLimit: '',
  ownToken: false,
  nativeSidecars: false,
  seccomp: false,
}

/** Name → profile. */
export const profiles: ReadonlyMap<string, Profile> = new Map([
  [claviger.name, claviger],
  [stock.name, stock],
])

/** The profile of that name, else the default one. */
export function findProfile(name: string): Profile {
  return profiles.get(name) ?? claviger
}

/** What applies to every pod unless its annotations say otherwise; flags and environment decide it. */
export interface WebhookDefaults {
  readonly profile: Profile
  /** The agent that the images hold; undefined leaves it to the name by which the image came. */
  readonly flavour: Flavour | undefined
  readonly image: string
  /** Whether the image came by a name of vault-k8s, under which a stock agent is meant. */
  readonly stockImage: boolean
  /** Undefined for Kubernetes' own choice. */
  readonly imagePullPolicy?: PullPolicy
  /** Address of the store. */
  readonly address: string
  readonly authType: string
  readonly authPath: string
  /** CA of the store, PEM. */
  readonly caCert: string | undefined
  readonly templatePolicy: PolicyPreset
  readonly resources: Resources
  /** Values of annotations, by key without prefix, for pods that do not have them. */
  readonly annotations: ReadonlyMap<string, string>
  /** Stores that every pod may name, by name. */
  readonly stores?: ReadonlyMap<string, StoreSettings> | undefined
  /** What the operator allows; everything when there is none. */
  readonly policy?: Policy | undefined
  /** The namespace that the webhook runs in, where it is known: no pod is injected there. */
  readonly ownNamespace?: string | undefined
}

/** The operator's defaults with the profile that a namespace asks for. Problem code: `namespace_profile`. */
export function chooseProfile(
  defaults: WebhookDefaults,
  wanted: Inherited | undefined,
): { readonly defaults: WebhookDefaults; readonly problems: readonly Problem[] } {
  if (wanted === undefined || wanted.text === defaults.profile.name) {
    return { defaults, problems: [] }
  }
  const profile = profiles.get(wanted.text)
  if (profile !== undefined) return { defaults: { ...defaults, profile }, problems: [] }
  const names = [...profiles.keys()].map((name) => JSON.stringify(name))
  const expected = `the name of a profile: ${names.join(' or ')}`
  return { defaults, problems: [{ code: 'namespace_profile', path: wanted.path, expected }] }
}
