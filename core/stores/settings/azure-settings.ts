import type { SettingTable } from './setting.ts'

export const azureSettings = {
  vault_url: {
    kind: 'address',
    variable: 'AZURE_KEY_VAULT_URL',
    isDestination: true,
    description: 'Address of the vault, `https://NAME.vault.azure.net`; required.',
  },
  identity: {
    kind: 'choice',
    values: ['workload', 'managed', 'service-principal'],
    description:
      'Who asks. Default: the pod by its projected token where there is one, a service principal by AZURE_CLIENT_SECRET, then the managed identity.',
  },
  tenant_id: {
    kind: 'text',
    variable: 'AZURE_TENANT_ID',
    description: 'Tenant of the identity. Default: the one that the vault names.',
  },
  client_id: {
    kind: 'text',
    variable: 'AZURE_CLIENT_ID',
    description: 'Application or managed identity to act as.',
  },
  token_path: {
    kind: 'path',
    variable: 'AZURE_FEDERATED_TOKEN_FILE',
    description: 'File of the projected token. The webhook sets it.',
  },
  audience: {
    kind: 'text',
    description: 'Audience of the projected token. Default `api://AzureADTokenExchange`.',
  },
  authority: {
    kind: 'address',
    variable: 'AZURE_AUTHORITY_HOST',
    isDestination: true,
    description:
      'Address of Entra ID. Default: that of the cloud that the vault is in, `https://login.microsoftonline.com` as a rule.',
  },
  tags: { kind: 'pairs', description: 'Tags of what is made.' },
} as const satisfies SettingTable
