import type { SettingTable } from './setting.ts'

/** Where AWS is and who asks. Source of the names: the AWS SDKs and tools reference guide. */
const placeSettings = {
  region: {
    kind: 'text',
    variable: 'AWS_REGION',
    description: 'Region of the secrets. Default AWS_DEFAULT_REGION, then `us-east-1`.',
  },
  endpoint: {
    kind: 'address',
    isDestination: true,
    description:
      'Address of the service instead of the region’s own: a private endpoint, or a server for tests. After its variable AWS_ENDPOINT_URL counts. `{region}` in it stands for the region that is asked; without it other regions than the store’s keep their own address.',
  },
  fips: {
    kind: 'flag',
    variable: 'AWS_USE_FIPS_ENDPOINT',
    description: 'Whether the region’s FIPS 140 endpoint is used. Default false.',
  },
  dual_stack: {
    kind: 'flag',
    variable: 'AWS_USE_DUALSTACK_ENDPOINT',
    description: 'Whether the endpoint that speaks IPv6 too is used. Default false.',
  },
  identity: {
    kind: 'choice',
    values: ['web-identity', 'pod-identity', 'environment', 'instance'],
    description:
      'Where the keys come from. Default: `web-identity` where `role_arn` is set here, else the first of static variables, a projected token with its role, EKS Pod Identity, the instance.',
  },
  role_arn: {
    kind: 'text',
    variable: 'AWS_ROLE_ARN',
    description: 'IAM role that the pod’s ServiceAccount may assume with its projected token.',
  },
  role_session_name: {
    kind: 'text',
    variable: 'AWS_ROLE_SESSION_NAME',
    description: 'Name of the session in CloudTrail. Default `claviger-agent-` with the time.',
  },
  token_path: {
    kind: 'path',
    variable: 'AWS_WEB_IDENTITY_TOKEN_FILE',
    description:
      'File of the projected token; with EKS Pod Identity its default is AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE. The webhook sets it.',
  },
  audience: {
    kind: 'text',
    description:
      'Audience of the projected token. Default `sts.amazonaws.com`, with EKS Pod Identity `pods.eks.amazonaws.com`.',
  },
  sts_endpoint: {
    kind: 'address',
    variable: 'AWS_ENDPOINT_URL_STS',
    isDestination: true,
    description:
      'Address of STS instead of the region’s own. After its variable AWS_ENDPOINT_URL counts. `{region}` in it stands for the region that is asked.',
  },
} as const satisfies SettingTable

const createSettings = {
  kms_key_id: {
    kind: 'text',
    variable: 'AWS_KMS_KEY_ID',
    description: 'KMS key of what is made. Default: the account’s key of the service.',
  },
  tags: {
    kind: 'pairs',
    variable: 'AWS_SECRET_MANAGER_TAGS',
    description: 'Tags of what is made.',
  },
} as const satisfies SettingTable

export const awsSettings = {
  ...placeSettings,
  endpoint: { ...placeSettings.endpoint, variable: 'AWS_ENDPOINT_URL_SECRETS_MANAGER' },
  replica_regions: {
    kind: 'list',
    description:
      'Regions with replicas, in the order in which they are asked where the first does not answer.',
  },
  replicate: {
    kind: 'flag',
    description: 'Whether what is made gets a replica in each of `replica_regions`. Default false.',
  },
  ...createSettings,
  rotation_lambda: {
    kind: 'text',
    variable: 'AWS_SECRET_ROTATION_LAMBDA_ARN',
    description:
      'ARN of the Lambda function that rotates what is made; the variable counts where AWS_SECRET_ROTATION_ENABLED is true. Default: nothing rotates it.',
  },
  rotation_days: {
    kind: 'count',
    variable: 'AWS_SECRET_ROTATION_DAYS',
    description: 'Days between two rotations. Default 30.',
  },
  recovery_days: {
    kind: 'count',
    description: 'Days in which what is deleted can be restored, 7 to 30. Default 30.',
  },
} as const satisfies SettingTable

export const ssmSettings = {
  ...placeSettings,
  endpoint: { ...placeSettings.endpoint, variable: 'AWS_ENDPOINT_URL_SSM' },
  ...createSettings,
  parameter_type: {
    kind: 'choice',
    values: ['SecureString', 'String', 'StringList'],
    description: 'Type of what is made. Default SecureString.',
  },
  tier: {
    kind: 'choice',
    values: ['Standard', 'Advanced', 'Intelligent-Tiering'],
    description: 'Tier of what is made. Default: the account’s.',
  },
} as const satisfies SettingTable
