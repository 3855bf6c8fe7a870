/** The one table of store types: what each is, can and takes; parser, documentation, chart and command line follow it. */
import type { Capability } from '../store.ts'
import { awsSettings, ssmSettings } from './aws-settings.ts'
import { azureSettings } from './azure-settings.ts'
import { databaseSettings } from './database-settings.ts'
import { fileSettings } from './file-settings.ts'
import { gcpSettings } from './gcp-settings.ts'
import { kubernetesSettings } from './kubernetes-settings.ts'
import type { SettingTable } from './setting.ts'
import { vaultSettings } from './vault-settings.ts'

export interface StoreType {
  /** What the service is called. */
  readonly title: string
  readonly capabilities: readonly Capability[]
  /** Besides the settings that every type has. */
  readonly settings: SettingTable
  /** What a version is called after `@`. */
  readonly version: { readonly pattern: RegExp; readonly description: string } | undefined
  /** Audience of the projected ServiceAccount token that the webhook adds for its identity; undefined: it needs none. */
  readonly audience: string | undefined
}

const everything: readonly Capability[] = ['list', 'write', 'delete', 'restore', 'history']

export const storeTypes = {
  vault: {
    title: 'HashiCorp Vault or OpenBao',
    capabilities: everything,
    settings: vaultSettings,
    version: { pattern: /^[1-9]\d*$/, description: 'the number of a KV version 2 version' },
    audience: 'vault',
  },
  aws: {
    title: 'AWS Secrets Manager',
    capabilities: [...everything, 'rotate'],
    settings: awsSettings,
    version: {
      pattern: /^(?:[A-Za-z0-9-]{32,64}|AWS(?:CURRENT|PREVIOUS|PENDING)|stage:[\w.+=-]{1,256})$/,
      description:
        'a version id, AWSCURRENT, AWSPREVIOUS, AWSPENDING, or stage:NAME for a stage of your own',
    },
    audience: 'sts.amazonaws.com',
  },
  ssm: {
    title: 'AWS Systems Manager Parameter Store',
    capabilities: ['list', 'write', 'delete', 'history'],
    settings: ssmSettings,
    version: {
      pattern: /^(?:[1-9]\d*|label:[\w.-]{1,100})$/,
      description: 'a number, or label:NAME',
    },
    audience: 'sts.amazonaws.com',
  },
  gcp: {
    title: 'Google Cloud Secret Manager',
    capabilities: ['list', 'write', 'delete', 'history'],
    settings: gcpSettings,
    version: {
      pattern: /^(?:[1-9]\d*|latest|alias:[A-Za-z][\w-]{0,62})$/,
      description: 'a number, latest, or alias:NAME',
    },
    audience: undefined,
  },
  azure: {
    title: 'Azure Key Vault',
    capabilities: everything,
    settings: azureSettings,
    version: { pattern: /^[0-9a-f]{32}$/, description: 'the 32 hexadecimal digits of a version' },
    audience: 'api://AzureADTokenExchange',
  },
  k8s: {
    title: 'Kubernetes Secrets',
    capabilities: ['list', 'write', 'delete', 'watch'],
    settings: kubernetesSettings,
    version: undefined,
    audience: undefined,
  },
  file: {
    title: 'files of a directory',
    capabilities: ['list', 'write', 'delete'],
    settings: fileSettings,
    version: undefined,
    audience: undefined,
  },
  db: {
    title: 'a table of PostgreSQL, MySQL, MariaDB or SQLite',
    capabilities: ['list', 'write', 'delete'],
    settings: databaseSettings,
    version: undefined,
    audience: undefined,
  },
} as const satisfies Record<string, StoreType>

export type StoreTypeName = keyof typeof storeTypes

export const storeTypeNames = Object.keys(storeTypes) as readonly StoreTypeName[]

export function isStoreTypeName(text: string): text is StoreTypeName {
  return Object.hasOwn(storeTypes, text)
}

/** What every type takes. */
export const commonSettings: SettingTable = {
  refresh: {
    kind: 'duration',
    description:
      'How often its secrets are read again. Default `static_secret_render_interval`, 5 minutes.',
  },
  timeout: { kind: 'duration', description: 'How long one request may take. Default 30 seconds.' },
  ca_cert: {
    kind: 'path',
    description:
      'PEM file of the authorities that the service is verified by, instead of Node’s own.',
  },
}
