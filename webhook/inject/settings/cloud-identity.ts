/** The identity that a cloud gives to the app's containers, which the agent needs to log in by the methods `aws` and `azure`, or for stores without one of their own. */
import type { AnnotationReader } from '../annotations/annotation-reader.ts'
import { annotations } from '../annotations/annotations.ts'
import type { MountView, PodView } from '../pod.ts'
import type { Profile } from '../profiles.ts'
import type { CloudName } from '../stores/store-identity.ts'
import type { LoginSettings } from './login-settings.ts'

export interface CloudIdentity {
  readonly mounts: readonly Pick<MountView, 'name' | 'path'>[]
  readonly env: readonly { readonly name: string; readonly value: string }[]
}

interface Cloud {
  /** Part of the path where its webhook mounts a token; undefined where it mounts none. */
  readonly place: string | undefined
  /** What its webhook sets beside it. */
  readonly variables: readonly string[]
}

/** Source: vault-k8s, agent-inject/agent/container_env.go. */
const stockAws: Cloud = {
  place: 'eks.amazonaws.com',
  variables: ['AWS_DEFAULT_REGION', 'AWS_REGION', 'AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE'],
}

const aws: Cloud = {
  ...stockAws,
  variables: [
    ...stockAws.variables,
    'AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE',
    'AWS_CONTAINER_CREDENTIALS_FULL_URI',
  ],
}

const azure: Cloud = {
  place: '/azure/tokens',
  variables: [
    'AZURE_AUTHORITY_HOST',
    'AZURE_CLIENT_ID',
    'AZURE_FEDERATED_TOKEN_FILE',
    'AZURE_TENANT_ID',
  ],
}

/** Sources: the webhooks of EKS for roles of ServiceAccounts and of pods, and that of Azure's workload identity. */
const clouds: Readonly<Record<CloudName, Cloud>> = {
  aws,
  azure,
  'aws-region': { place: undefined, variables: ['AWS_DEFAULT_REGION', 'AWS_REGION'] },
  gcp: { place: undefined, variables: ['GOOGLE_CLOUD_PROJECT'] },
}

export interface CloudNeeds {
  /** Undefined where the agent does not log in to Vault. */
  readonly login: LoginSettings | undefined
  readonly profile: Profile
  /** Of the stores. */
  readonly copies: readonly CloudName[]
  /** What the pod has copied anyway. */
  readonly copiedMounts: readonly MountView[]
}

/** What the first container that has it brings, and the region that the annotations name. */
export function readCloudIdentity(
  reader: AnnotationReader,
  { containers }: PodView,
  { login, profile, copies, copiedMounts }: CloudNeeds,
): CloudIdentity {
  const forLogin = findCloud(login?.type, profile)
  const needed = [...new Set([...forLogin, ...copies.map((name) => clouds[name])])]
  const mounts = containers.flatMap(({ mounts: own }) => own ?? [])
  const variables = containers.flatMap(({ env }) => env)
  const region = login === undefined ? [] : readRegion(reader, login)
  const copied = new Map(
    needed.flatMap((cloud) =>
      cloud.variables.flatMap((name) => {
        const found = variables.find((variable) => variable.name === name)
        return found === undefined || isUnknown(found, forLogin, cloud)
          ? []
          : [[name, found] as const]
      }),
    ),
  )
  return {
    mounts: needed
      .flatMap(({ place }) => findMount(mounts, place))
      .filter(({ path }) => profile.lenient || copiedMounts.every((copy) => copy.path !== path)),
    env: [...Array.from(copied.values(), ({ name, value }) => ({ name, value })), ...region],
  }
}

/** A value that comes from elsewhere cannot be copied; vault-k8s copies an empty one. */
function isUnknown(
  { value }: { readonly value: string },
  forLogin: readonly Cloud[],
  cloud: Cloud,
): boolean {
  return value === '' && !forLogin.includes(cloud)
}

function findMount(
  mounts: readonly MountView[],
  place: string | undefined,
): CloudIdentity['mounts'] {
  const found = mounts.find(({ path }) => place !== undefined && path.includes(place))
  return found === undefined ? [] : [found]
}

function findCloud(type: string | undefined, { lenient }: Profile): readonly Cloud[] {
  if (type === 'aws') return [lenient ? stockAws : aws]
  return type === 'azure' && !lenient ? [azure] : []
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
