/** The identity that a cloud gives to the app's containers, which the agent needs to log in by the methods `aws` and `azure`. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { MountView, PodView } from '../pod.ts'
import type { Profile } from '../profiles.ts'
import type { LoginSettings } from './login-settings.ts'

export interface CloudIdentity {
  readonly mount: Pick<MountView, 'name' | 'path'> | undefined
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

interface Cloud {
  /** Part of the path where its webhook mounts a token. */
  readonly place: string
  /** What its webhook sets beside it. */
  readonly variables: readonly string[]
}

/** Source: vault-k8s, agent-inject/agent/container_env.go. */
const stockAws: Cloud = {
  place: 'eks.amazonaws.com',
  variables: ['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
}

/** Method → cloud. Sources: the webhooks of EKS for roles of ServiceAccounts and of pods, and that of Azure's workload identity. */
const clouds: ReadonlyMap<string, Cloud> = new Map([
  [
    'aws',
    {
      ...stockAws,
      variables: [
        ...stockAws.variables,
        'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
        'AWS_CONTAINER_CREDENTIALS_FULL_URI',
      ],
    },
  ],
  [
    'azure',
    {
      place: '/azure/tokens',
      variables: [
        'AZURE_AUTHORITY_HOST',
        'AZURE_CLIENT_ID',
        'AZURE_FEDERATED_TOKEN_FILE',
        'AZURE_TENANT_ID',
      ],
    },
  ],
])

/** What the first container that has it brings, and the region that the annotations name. */
export function readCloudIdentity(
  reader: AnnotationReader,
  { containers }: PodView,
  { login, profile }: { readonly login: LoginSettings; readonly profile: Profile },
): CloudIdentity {
  const cloud = findCloud(login.type, profile)
  if (cloud === undefined) return { mount: undefined, env: [] }
  const mount = containers
    .flatMap(({ mounts }) => mounts ?? [])
    .find(({ path }) => path.includes(cloud.place))
  const variables = containers.flatMap(({ env }) => env)
  const copied = cloud.variables.flatMap((name) => {
    const found = variables.find((variable) => variable.name === name)
    return found === undefined ? [] : [{ name, value: found.value }]
  })
  return { mount, env: [...copied, ...readRegion(reader, login)] }
}

function findCloud(type: string, { lenient }: Profile): Cloud | undefined {
  if (lenient) return type === 'aws' ? stockAws : undefined
  return clouds.get(type)
}

function readRegion(
  reader: AnnotationReader,
  { type, parameters }: LoginSettings,
): CloudIdentity['env'] {
  const isNamed = reader.has({ key: `${annotations.authConfig.key}region` })
  return type === 'aws' && isNamed
    ? [{ name: 'AWS_REGION', value: parameters.get('region') ?? '' }]
    : []
}
