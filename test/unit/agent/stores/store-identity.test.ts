/** Which stores inherit what lies in the state: those that ask the same, at the same place, and no others. */
import { expect, test } from '@jest/globals'
import { identify } from '../../../../agent/stores/create-stores.ts'
import type { Environment } from '../../../../core/environment.ts'
import type { StoreTypeName } from '../../../../core/stores/settings/store-types.ts'

function identityOf(
  type: StoreTypeName,
  values: Readonly<Record<string, string>> = {},
  environment: Environment = {},
): string {
  return identify({ name: 'it', type, values: new Map(Object.entries(values)) }, environment)
}

test.each<[StoreTypeName, Environment]>([
  ['aws', { AWS_REGION: 'eu-west-1' }],
  ['aws', { AWS_DEFAULT_REGION: 'eu-west-1' }],
  ['ssm', { AWS_DEFAULT_REGION: 'eu-west-1' }],
  ['aws', { AWS_ROLE_ARN: 'arn:aws:iam::111122223333:role/app' }],
  ['aws', { AWS_ACCESS_KEY_ID: 'AKIA' }],
  ['aws', { AWS_CONTAINER_CREDENTIALS_FULL_URI: 'http://169.254.170.23/v1/credentials' }],
  ['gcp', { GOOGLE_CLOUD_PROJECT: 'p' }],
  ['gcp', { GOOGLE_APPLICATION_CREDENTIALS: '/key.json' }],
  ['azure', { AZURE_CLIENT_ID: 'c' }],
  ['k8s', { K8S_NAMESPACE: 'n' }],
  ['vault', { VAULT_NAMESPACE: 'n' }],
])('a store of type %s is another with %j', (type, environment) => {
  expect(identityOf(type, {}, environment)).not.toBe(identityOf(type))
})

test('what a setting says counts, wherever it is said', () => {
  const said = identityOf('aws', { region: 'eu-west-1' })
  expect(identityOf('aws', {}, { AWS_REGION: 'eu-west-1' })).toBe(said)
  expect(identityOf('aws', { region: 'eu-west-1' }, { HOME: '/root' })).toBe(said)
  expect(identityOf('ssm', { region: 'eu-west-1' })).not.toBe(said)
})
