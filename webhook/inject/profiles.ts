/** Profiles: named sets of defaults for the pod that comes out, and nothing more. */
import type { LogFormat, LogLevel } from '../../core/log.ts'
import type { AuthType } from './annotations.ts'

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
  readonly resources: Resources
  readonly secretsPath: string
  /** Whether the app's containers may only read the directory of the secrets. */
  readonly readOnlySecrets: boolean
  /** Upper bound of each memory volume. */
  readonly memoryVolumeLimit: string
  /** Lifetime of the agent's own ServiceAccount token; the kubelet renews it at 80 %. */
  readonly tokenExpirationSeconds: number
  readonly runAsUser: number
  readonly runAsGroup: number
  readonly logLevel: LogLevel
  readonly logFormat: LogFormat
}

const claviger: Profile = {
  name: 'claviger',
  resources: { requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '128Mi' } },
  secretsPath: '/vault/secrets',
  readOnlySecrets: true,
  memoryVolumeLimit: '16Mi',
  tokenExpirationSeconds: 3600,
  runAsUser: 100,
  runAsGroup: 1000,
  logLevel: 'info',
  logFormat: 'standard',
}

/** Name → profile. */
export const profiles: ReadonlyMap<string, Profile> = new Map([[claviger.name, claviger]])

export const pullPolicies = ['Always', 'IfNotPresent', 'Never'] as const
export type PullPolicy = (typeof pullPolicies)[number]

/** What applies to every pod unless its annotations say otherwise; flags and environment decide it. */
export interface WebhookDefaults {
  readonly profile: Profile
  readonly image: string
  /** Undefined for Kubernetes' own choice. */
  readonly imagePullPolicy?: PullPolicy
  /** Address of the store. */
  readonly address: string
  readonly authType: AuthType
  readonly authPath: string
  /** CA of the store, PEM. */
  readonly caCert: string | undefined
  readonly resources: Resources
  /** Values of annotations, by key without prefix, for pods that do not have them. */
  readonly annotations: ReadonlyMap<string, string>
}

/** Source: design of the default profile; `address` and `image` have no sensible default and must be given. */
export function createDefaults(given: {
  readonly address: string
  readonly image: string
}): WebhookDefaults {
  return {
    profile: claviger,
    ...given,
    authType: 'kubernetes',
    authPath: 'auth/kubernetes',
    caCert: undefined,
    annotations: new Map(),
    resources: claviger.resources,
  }
}
