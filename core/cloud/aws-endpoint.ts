/** Where AWS's services answer in each region. Source: the partitions and the endpoint rules of AWS's SDKs. */

export type AwsService = 'secretsmanager' | 'ssm' | 'sts'

export interface AwsPlace {
  readonly region: string
  /** FIPS 140 endpoints. */
  readonly isFips?: boolean
  /** Endpoints that speak IPv6, too. */
  readonly isDualStack?: boolean
}

interface Partition {
  /** What its regions begin with. */
  readonly prefix: string
  readonly suffix: string
  readonly dualStackSuffix: string
  /** Services whose usual endpoint is a FIPS 140 one. */
  readonly fipsByDefault?: readonly AwsService[]
  /** Services whose usual endpoint speaks IPv6, too. */
  readonly dualStackByDefault?: readonly AwsService[]
}

const commercial: Partition = {
  prefix: '',
  suffix: 'amazonaws.com',
  dualStackSuffix: 'api.aws',
  dualStackByDefault: ['secretsmanager'],
}

/** The others. */
const partitions: readonly Partition[] = [
  {
    prefix: 'us-gov-',
    suffix: 'amazonaws.com',
    dualStackSuffix: 'api.aws',
    fipsByDefault: ['ssm', 'sts'],
    dualStackByDefault: ['secretsmanager'],
  },
  { prefix: 'us-isob-', suffix: 'sc2s.sgov.gov', dualStackSuffix: 'api.aws.scloud' },
  { prefix: 'us-isof-', suffix: 'csp.hci.ic.gov', dualStackSuffix: 'api.aws.hci.ic.gov' },
  { prefix: 'us-iso-', suffix: 'c2s.ic.gov', dualStackSuffix: 'api.aws.ic.gov' },
  { prefix: 'eu-isoe-', suffix: 'cloud.adc-e.uk', dualStackSuffix: 'api.cloud-aws.adc-e.uk' },
  { prefix: 'eusc-', suffix: 'amazonaws.eu', dualStackSuffix: 'api.amazonwebservices.eu' },
  {
    prefix: 'cn-',
    suffix: 'amazonaws.com.cn',
    dualStackSuffix: 'api.amazonwebservices.com.cn',
    dualStackByDefault: ['secretsmanager'],
  },
]

/** One label of a host's name, so that no region leads to another host. */
export const awsRegionPattern = /^[a-z0-9](?:[a-z0-9-]{0,61}[a-z0-9])?$/

export function awsAddress(service: AwsService, place: AwsPlace): string {
  const { region, isFips = false, isDualStack = false } = place
  const partition = partitions.find(({ prefix }) => region.startsWith(prefix)) ?? commercial
  const { suffix, dualStackSuffix, fipsByDefault = [], dualStackByDefault = [] } = partition
  const isApart = isDualStack && !dualStackByDefault.includes(service)
  const isMarked = isFips && (isDualStack || !fipsByDefault.includes(service))
  return `https://${service}${isMarked ? '-fips' : ''}.${region}.${isApart ? dualStackSuffix : suffix}/`
}
