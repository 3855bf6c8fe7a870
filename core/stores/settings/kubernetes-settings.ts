import type { SettingTable } from './setting.ts'

export const kubernetesSettings = {
  namespace: {
    kind: 'text',
    variable: 'K8S_NAMESPACE',
    description:
      'Namespace of the Secrets. Default: the pod’s own; on a laptop that of the current context.',
  },
  server: {
    kind: 'address',
    isDestination: true,
    description:
      'Address of the API server. Default: the pod’s own cluster; on a laptop the current context.',
  },
  token_path: { kind: 'path', description: 'File of the projected token. The webhook sets it.' },
  skip_verify: {
    kind: 'flag',
    isLocal: true,
    description: 'Whether the API server’s certificate is taken as it comes. Default false.',
  },
  watch: {
    kind: 'flag',
    description:
      'Whether changes are watched instead of asked for at intervals, which keeps the agent awake. Default true.',
  },
} as const satisfies SettingTable
