import type { SettingTable } from './setting.ts'

/** Of a Vault beside the pod’s own, which the annotations of vault-k8s describe. */
export const vaultSettings = {
  address: {
    kind: 'address',
    variable: 'VAULT_ADDR',
    isDestination: true,
    description:
      'Address of the server, required in a pod. Default on a laptop `https://127.0.0.1:8200`.',
  },
  namespace: {
    kind: 'text',
    variable: 'VAULT_NAMESPACE',
    description: 'Namespace of Vault Enterprise or OpenBao. Default: the root.',
  },
  auth: {
    kind: 'choice',
    values: ['kubernetes', 'jwt', 'token'],
    description:
      'How to log in. Default `kubernetes` in a pod, `token` (VAULT_TOKEN, then ~/.vault-token) elsewhere.',
  },
  mount: { kind: 'text', description: 'Where the auth method is mounted. Default: its name.' },
  role: { kind: 'text', description: 'Role of the login; required by `kubernetes`.' },
  audience: {
    kind: 'text',
    description:
      'Audience of the projected token of the login. Default: the API server’s for `kubernetes`, `vault` for `jwt`.',
  },
  token_variable: {
    kind: 'text',
    description: 'Environment variable with the token of `auth=token`. Default `VAULT_TOKEN`.',
  },
  token_path: { kind: 'path', description: 'File of the token of the login. The webhook sets it.' },
  server_name: {
    kind: 'text',
    description: 'Name that its certificate must be for. Default: its host.',
  },
} as const satisfies SettingTable
