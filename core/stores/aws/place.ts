/** Where a store's service is and who asks it, of its settings. */
import { type AwsService, awsAddress, awsRegionPattern } from '../../cloud/aws-endpoint.ts'
import type { AwsIdentity, AwsKeySource } from '../../cloud/aws-keys.ts'
import type { Environment } from '../../environment.ts'
import { AppError } from '../../errors.ts'
import { flagOf, listOf, type StoreSettings, settingOf } from '../settings/store-settings.ts'

export interface ServicePlace {
  readonly region: string
  /** Those that are asked where `region` does not answer, in their order. */
  readonly replicaRegions: readonly string[]
  /** The service's address in a region. */
  readonly addressIn: (region: string) => string
  readonly identity: AwsIdentity
}

/** Errors: `config_invalid` for regions that are none. */
export function findPlace(
  settings: StoreSettings,
  environment: Environment,
  service: AwsService,
): ServicePlace {
  const region =
    settingOf(settings, 'region', environment) || environment['AWS_DEFAULT_REGION'] || 'us-east-1'
  const replicaRegions = listOf(settings, 'replica_regions')
  for (const each of [region, ...replicaRegions]) requireRegion(each, settings.name)
  const variants = {
    isFips: flagOf(settings, 'fips', environment),
    isDualStack: flagOf(settings, 'dual_stack', environment),
  }
  const addresses = (of: AwsService, key: 'endpoint' | 'sts_endpoint') => {
    const endpoint = settingOf(settings, key, environment) ?? environment['AWS_ENDPOINT_URL']
    return (asked: string) =>
      endpointIn(endpoint || undefined, asked, region) ??
      awsAddress(of, { region: asked, ...variants })
  }
  const stsIn = addresses('sts', 'sts_endpoint')
  return {
    region,
    replicaRegions,
    addressIn: addresses(service, 'endpoint'),
    identity: {
      ...findIdentity(settings, environment),
      stsAddress: stsIn(region),
      otherStsAddresses: replicaRegions.map(stsIn),
    },
  }
}

function requireRegion(region: string, store: string): void {
  if (awsRegionPattern.test(region)) return
  throw new AppError('config_invalid', { store, reason: 'a region such as eu-west-1 was expected' })
}

/** A private endpoint is of one region, unless its address has the region's name in it. */
function endpointIn(endpoint: string | undefined, asked: string, own: string): string | undefined {
  if (endpoint === undefined) return undefined
  if (endpoint.includes('{region}')) return endpoint.replaceAll('{region}', asked)
  return asked === own ? endpoint : undefined
}

const sources: readonly AwsKeySource[] = [
  ...(['environment', 'web-identity', 'pod-identity', 'instance'] as const),
]

/** A role of the store's own goes before keys that lie in the environment. */
function findIdentity(settings: StoreSettings, environment: Environment): AwsIdentity {
  const { values } = settings
  const named = settingOf(settings, 'identity')
  const implied = values.has('role_arn') ? 'web-identity' : undefined
  const source = sources.find((each) => each === named) ?? implied
  return {
    region: '',
    source,
    roleArn: settingOf(settings, 'role_arn', environment),
    sessionName: settingOf(settings, 'role_session_name', environment),
    tokenPath:
      source === 'pod-identity'
        ? values.get('token_path')
        : settingOf(settings, 'token_path', environment),
  }
}
