import { describe, expect, test } from '@jest/globals'
import { readKeepPreset } from '../../../../../core/stores/preset/keep-preset.ts'

const arn = 'arn:aws:lambda:eu-west-1:123456789012:function:rotate'

function settingsOf(environment: Readonly<Record<string, string>>) {
  const read = readKeepPreset(environment)
  if (read?.kind !== 'ok') return read
  const { type, values } = read.value
  return [type, Object.fromEntries(values)]
}

describe('the environment of Keep HQ', () => {
  test.each([
    ['FILE', {}, 'file', { directory: './' }],
    ['file', { SECRET_MANAGER_DIRECTORY: '/state' }, 'file', { directory: '/state' }],
    ['', {}, 'file', { directory: './' }],
    ['AWS', { AWS_REGION: 'eu-west-1' }, 'aws', { region: 'eu-west-1' }],
    ['Gcp', { GOOGLE_CLOUD_PROJECT: 'p' }, 'gcp', { project: 'p' }],
    ['k8s', {}, 'k8s', {}],
    ['K8S', { K8S_NAMESPACE: 'keep' }, 'k8s', { namespace: 'keep' }],
    ['K8S', { K8S_VERIFY_SSL_CERT: 'False' }, 'k8s', { skip_verify: 'true' }],
    ['K8S', { K8S_VERIFY_SSL_CERT: 'true' }, 'k8s', {}],
    [
      'VAULT',
      { HASHICORP_VAULT_TOKEN: 'hunter2' },
      'vault',
      {
        address: 'http://localhost:8200',
        namespace: 'default',
        auth: 'token',
        token_variable: 'HASHICORP_VAULT_TOKEN',
      },
    ],
    [
      'vault',
      {
        HASHICORP_VAULT_ADDR: 'http://vault:8200',
        HASHICORP_VALUT_NAMESPACE: 'team',
        HASHICORP_VAULT_USE_K8S: 'True',
        HASHICORP_VAULT_K8S_ROLE: 'keep',
      },
      'vault',
      { address: 'http://vault:8200', namespace: 'team', auth: 'kubernetes', role: 'keep' },
    ],
    ['DB', {}, 'db', { url: 'sqlite:./keep.db' }],
    ['DB', { DATABASE_CONNECTION_STRING: 'mysql://u:hunter2@h/keep' }, 'db', {}],
  ])('%j %j is a store', (type, environment, expected, values) => {
    const given: Readonly<Record<string, string>> = { ...environment, SECRET_MANAGER_TYPE: type }
    expect(settingsOf(given)).toEqual([expected, values])
    expect(JSON.stringify(settingsOf(given))).not.toContain('hunter2')
  })

  test('is none without the type', () => {
    expect(readKeepPreset({ AWS_REGION: 'eu-west-1' })).toBeUndefined()
  })

  test.each([
    [{ SECRET_MANAGER_TYPE: 'VAUTL' }, ['SECRET_MANAGER_TYPE']],
    [{ SECRET_MANAGER_TYPE: 'AWS' }, ['AWS_REGION']],
    [{ SECRET_MANAGER_TYPE: 'GCP' }, ['GOOGLE_CLOUD_PROJECT']],
    [{ SECRET_MANAGER_TYPE: 'VAULT' }, ['HASHICORP_VAULT_TOKEN']],
    // Which Keep HQ takes for true.
    [{ SECRET_MANAGER_TYPE: 'VAULT', HASHICORP_VAULT_USE_K8S: 'False' }, ['HASHICORP_VAULT_TOKEN']],
    [
      { SECRET_MANAGER_TYPE: 'VAULT', HASHICORP_VAULT_USE_K8S: 'True' },
      ['HASHICORP_VAULT_K8S_ROLE'],
    ],
    [
      {
        SECRET_MANAGER_TYPE: 'AWS',
        AWS_SECRET_ROTATION_ENABLED: 'true',
        AWS_SECRET_ROTATION_DAYS: 'soon',
        AWS_SECRET_MANAGER_TAGS: 'team',
      },
      [
        'AWS_REGION',
        'AWS_SECRET_ROTATION_DAYS',
        'AWS_SECRET_ROTATION_LAMBDA_ARN',
        'AWS_SECRET_MANAGER_TAGS',
      ],
    ],
    [
      { SECRET_MANAGER_TYPE: 'AWS', AWS_REGION: 'eu-west-1', AWS_SECRET_ROTATION_ENABLED: '1' },
      ['AWS_SECRET_ROTATION_LAMBDA_ARN'],
    ],
    [
      { SECRET_MANAGER_TYPE: 'AWS', AWS_REGION: 'eu-west-1', AWS_SECRET_ROTATION_ENABLED: 'yes' },
      ['AWS_SECRET_ROTATION_ENABLED'],
    ],
  ])('%j lacks %j', (environment, paths) => {
    const read = readKeepPreset(environment)
    expect(read?.kind === 'issues' ? read.issues.map(({ path }) => path) : read).toEqual(paths)
  })

  test.each([
    [arn, true],
    [`${arn}:live`, true],
    [arn.replace('arn:aws:', 'arn:aws-cn:'), true],
    [arn.replace('function:', ''), false],
    ['rotate', false],
  ])('takes %j for a function: %j', (lambda, isGood) => {
    const environment = {
      SECRET_MANAGER_TYPE: 'AWS',
      AWS_REGION: 'eu-west-1',
      AWS_SECRET_ROTATION_ENABLED: 'true',
      AWS_SECRET_ROTATION_LAMBDA_ARN: lambda,
    }
    expect(readKeepPreset(environment)?.kind === 'ok').toBe(isGood)
  })
})
