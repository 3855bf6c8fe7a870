import { expect, test } from '@jest/globals'
import { findStaticKeys } from '../../../../agent/stores/static-keys.ts'
import type { StoreSettings } from '../../../../core/stores/settings/store-settings.ts'

type Values = Readonly<Record<string, string>>

function store(type: StoreSettings['type'], values: Values = {}): StoreSettings {
  return { name: type, type, values: new Map(Object.entries(values)) }
}

const aws = { AWS_SECRET_ACCESS_KEY: 'x' }
const azure = { AZURE_CLIENT_SECRET: 'x' }
const account = { GOOGLE_APPLICATION_CREDENTIALS: '/account.json' }
const federation = { GOOGLE_APPLICATION_CREDENTIALS: '/federation.json' }

const texts: Values = {
  '/account.json': '{"type": "service_account", "private_key": "x"}',
  '/federation.json': '{"type": "external_account"}',
  '/broken.json': '{',
}

const rows: readonly (readonly [string, StoreSettings, Values, readonly string[]])[] = [
  ['AWS with keys in variables', store('aws'), aws, ['AWS_SECRET_ACCESS_KEY']],
  ['Parameter Store with them', store('ssm'), aws, ['AWS_SECRET_ACCESS_KEY']],
  ['AWS that is told to use the pod', store('aws', { identity: 'pod-identity' }), aws, []],
  [
    'AWS that is told to use them',
    store('aws', { identity: 'environment' }),
    aws,
    ['AWS_SECRET_ACCESS_KEY'],
  ],
  ['AWS without', store('aws'), {}, []],
  ['Azure with a secret', store('azure'), azure, ['AZURE_CLIENT_SECRET']],
  ['Azure with a projected token', store('azure', { token_path: '/t' }), azure, []],
  [
    'Azure told to use the secret',
    store('azure', { identity: 'service-principal', token_path: '/t' }),
    azure,
    ['AZURE_CLIENT_SECRET'],
  ],
  ['Google with a key file', store('gcp'), account, ['GOOGLE_APPLICATION_CREDENTIALS']],
  ['Google with a file that federates', store('gcp'), federation, []],
  [
    'Google with a broken file',
    store('gcp'),
    { GOOGLE_APPLICATION_CREDENTIALS: '/broken.json' },
    [],
  ],
  [
    'Google with a file that is not there',
    store('gcp'),
    { GOOGLE_APPLICATION_CREDENTIALS: '/x' },
    [],
  ],
  ['Google that federates by itself', store('gcp', { provider: 'p' }), account, []],
  ['Vault with a token', store('vault', { auth: 'token' }), { VAULT_TOKEN: 'x' }, ['VAULT_TOKEN']],
  ['Vault with another', store('vault', { auth: 'token', token_variable: 'T' }), { T: 'x' }, ['T']],
  ['Vault with a login', store('vault', { role: 'app' }), { VAULT_TOKEN: 'x' }, []],
  ['a setting for development', store('k8s', { skip_verify: 'true' }), {}, ['skip_verify']],
  ['that setting turned off', store('k8s', { skip_verify: 'false' }), {}, []],
  ['files', store('file'), { ...aws, ...azure }, []],
]

test.each(rows)('%s', (_, settings, environment, expected) => {
  const find = (pod: Values) =>
    findStaticKeys([settings], { ...environment, ...pod }, (path) => texts[path])
  const inPod = find({ KUBERNETES_SERVICE_HOST: '10.0.0.1' })
  expect(inPod.map(({ source }) => source)).toEqual(expected)
  expect(find({})).toEqual([])
})
