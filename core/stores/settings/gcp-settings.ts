import type { SettingTable } from './setting.ts'

export const gcpSettings = {
  project: {
    kind: 'text',
    variable: 'GOOGLE_CLOUD_PROJECT',
    description:
      'Project of the secrets; a path `projects/P/secrets/S` names its own. Default: the machine’s.',
  },
  location: {
    kind: 'text',
    description: 'Location of regional secrets. Default: secrets are global.',
  },
  endpoint: {
    kind: 'address',
    isDestination: true,
    description:
      'Address of the service instead of Google’s own: a private endpoint, or a server for tests.',
  },
  identity: {
    kind: 'choice',
    values: ['federation', 'metadata', 'credentials'],
    description:
      'Who asks. Default: the federated pod where `provider` is set, GOOGLE_APPLICATION_CREDENTIALS, what `gcloud auth application-default login` left, then the metadata service (GKE Workload Identity).',
  },
  provider: {
    kind: 'provider',
    description:
      'Workload identity provider, `projects/N/locations/global/workloadIdentityPools/P/providers/R`, which the pod’s projected token is exchanged at; `//iam.googleapis.com/` may stand before it.',
  },
  service_account: {
    kind: 'text',
    description: 'Email of the service account to act as. Default: the pod itself.',
  },
  token_path: { kind: 'path', description: 'File of the projected token. The webhook sets it.' },
  audience: {
    kind: 'text',
    description:
      'Audience of the projected token. Default `//iam.googleapis.com/` and the provider.',
  },
  sts_endpoint: {
    kind: 'address',
    isDestination: true,
    description:
      'Address of Google’s token exchange instead of its own, for tests and private endpoints.',
  },
  iam_endpoint: {
    kind: 'address',
    isDestination: true,
    description:
      'Address of IAM Credentials instead of Google’s own, for tests and private endpoints.',
  },
  labels: { kind: 'pairs', description: 'Labels of what is made.' },
  replicas: {
    kind: 'list',
    description: 'Locations of what is made. Default: Google chooses.',
  },
} as const satisfies SettingTable
