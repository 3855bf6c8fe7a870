import { SecretsManagerClient } from '@aws-sdk/client-secrets-manager'
import { SSMClient } from '@aws-sdk/client-ssm'
import { describe, expect, test } from '@jest/globals'
import { awsAddress, awsRegionPattern } from '../../../../core/cloud/aws-endpoint.ts'

const regions = [
  ...['eu-west-1', 'us-east-1', 'mx-central-1', 'cn-north-1', 'us-gov-west-1', 'us-iso-east-1'],
  ...['us-isob-east-1', 'eu-isoe-west-1', 'us-isof-south-1', 'eusc-de-east-1', 'xx-new-1'],
]
const variants = [
  { isFips: false, isDualStack: false },
  { isFips: true, isDualStack: false },
  { isFips: false, isDualStack: true },
  { isFips: true, isDualStack: true },
]
const options = { region: 'eu-west-1', credentials: { accessKeyId: 'a', secretAccessKey: 'b' } }
const oracles = {
  secretsmanager: new SecretsManagerClient(options).config.endpointProvider,
  ssm: new SSMClient(options).config.endpointProvider,
} as const

describe.each(['secretsmanager', 'ssm'] as const)('%s', (service) => {
  test.each(regions)('is where AWS’s own client looks for it in %s', (region) => {
    // China has no FIPS endpoints.
    const wanted = variants.filter(({ isFips }) => !isFips || !region.startsWith('cn-'))
    const expected = wanted.map(({ isFips, isDualStack }) =>
      oracles[service]({ Region: region, UseFIPS: isFips, UseDualStack: isDualStack }),
    )
    expect(wanted.map((variant) => awsAddress(service, { region, ...variant }))).toEqual(
      expected.map(({ url }) => url.href),
    )
  })
})

test.each([
  ['eu-west-1', {}, 'https://sts.eu-west-1.amazonaws.com/'],
  ['us-east-1', {}, 'https://sts.us-east-1.amazonaws.com/'],
  ['us-east-1', { isFips: true }, 'https://sts-fips.us-east-1.amazonaws.com/'],
  ['us-gov-east-1', { isFips: true }, 'https://sts.us-gov-east-1.amazonaws.com/'],
  ['eu-west-1', { isDualStack: true }, 'https://sts.eu-west-1.api.aws/'],
  ['cn-north-1', {}, 'https://sts.cn-north-1.amazonaws.com.cn/'],
])('STS of %s %j is at %s', (region, variant, address) => {
  expect(awsAddress('sts', { region, ...variant })).toBe(address)
})

test.each(['', 'evil.example', 'a/b', 'a@b', 'a:1', '-a', 'a-', 'A', 'a#'])(
  '%j is no region',
  (text) => {
    expect(awsRegionPattern.test(text)).toBe(false)
  },
)
