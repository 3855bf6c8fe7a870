/** What the webhook asks of our own agent, and what only a stock one does. */
import { describe, expect, test } from '@jest/globals'
import { annotations } from '../../../../webhook/inject/annotations/annotations.ts'
import type { WebhookDefaults } from '../../../../webhook/inject/profiles.ts'
import {
  type Annotations,
  inject,
  ours,
  oursInStockProfile,
  refused,
  stock,
  tokenMount,
} from '../../../support/own-agent.ts'

test('only how many processors it has is a stock agent’s affair alone', () => {
  const rows = Object.values(annotations)
  const alone = rows.filter((row) => 'agents' in row && row.agents === 'stock')
  expect(alone.map(({ key }) => key)).toEqual(['go-max-procs'])
})

describe('agent-revoke-on-shutdown', () => {
  const revoke = { 'agent-revoke-on-shutdown': 'true' }
  test.each<[string, Annotations, object, object]>([
    ['after 5 s', {}, {}, { revoke_on_shutdown: true, revoke_grace: '5s' }],
    [
      'after the grace',
      { 'agent-revoke-grace': '9' },
      {},
      { revoke_on_shutdown: true, revoke_grace: '9s' },
    ],
    [
      'at once by a native sidecar',
      { 'agent-native-sidecar': 'on', 'agent-revoke-grace': '9' },
      {},
      { revoke_on_shutdown: true, revoke_grace: '0s' },
    ],
  ])('%s, without a hook, and not by the init container', (_, more, spec, expected) => {
    const { init, sidecar, patch } = inject({ ...revoke, ...more }, spec)
    expect(sidecar.claviger).toMatchObject(expected)
    expect(Object.keys(init.claviger)).toEqual(['state_path'])
    expect(JSON.stringify(patch)).not.toContain('preStop')
  })

  test('is not asked for by itself', () => {
    expect(Object.keys(inject({}).sidecar.claviger)).toEqual(['state_path'])
  })

  const late = /agent-revoke-grace \(\d+ s\) is no less than terminationGracePeriodSeconds/
  const seconds = (terminationGracePeriodSeconds: number) => ({ terminationGracePeriodSeconds })
  test.each<[string, Annotations, object, WebhookDefaults, RegExp | undefined]>([
    ['a grace that fits', { 'agent-revoke-grace': '4' }, seconds(5), ours, undefined],
    ['one that does not', { 'agent-revoke-grace': '5' }, seconds(5), ours, late],
    ['one below Kubernetes’ default', { 'agent-revoke-grace': '29' }, {}, ours, undefined],
    ['one as long as that', { 'agent-revoke-grace': '30' }, {}, ours, late],
    ['the hook of a stock agent', {}, seconds(3), stock, late],
    ['the same in profile vault-k8s', {}, seconds(3), oursInStockProfile, late],
    ['a native sidecar', { 'agent-native-sidecar': 'on' }, seconds(1), ours, undefined],
    ['no sidecar', { 'agent-pre-populate-only': 'true' }, seconds(1), ours, undefined],
    [
      'a configuration that the webhook does not make',
      { 'agent-configmap': 'agent' },
      {},
      ours,
      /agent-revoke-on-shutdown has no effect beside .*agent-configmap/,
    ],
    [
      'the hook of a stock agent beside such a configuration',
      { 'agent-configmap': 'agent' },
      {},
      stock,
      undefined,
    ],
  ])('%s', (_, more, spec, defaults, warning) => {
    const { warnings } = inject({ ...revoke, ...more }, spec, defaults)
    expect(warnings).toEqual(warning === undefined ? [] : [expect.stringMatching(warning)])
  })
})

test.each<[string, WebhookDefaults, boolean]>([
  ['hands a state over', ours, false],
  ['has none in profile vault-k8s', oursInStockProfile, true],
  ['never has one from HashiCorp', stock, true],
])('an agent that %s keeps its cache on a volume or not', (_, defaults, keeps) => {
  const given = { 'agent-cache-enable': 'true', 'agent-cache-exit-on-err': 'true' }
  const { init, sidecar, volumes, warnings } = inject(given, {}, defaults)
  for (const { cache, listener } of [init, sidecar]) {
    expect(cache.persist !== undefined).toBe(keeps)
    expect(listener).toEqual([{ type: 'tcp', address: '127.0.0.1:8200', tls_disable: true }])
  }
  expect(volumes.includes('vault-agent-cache')).toBe(keeps)
  expect(warnings.some((warning) => warning.includes('cache-exit-on-err'))).toBe(!keeps)
})

test('a ConfigMap’s agent gets the home directory that its configuration may name', () => {
  const homes = (given: Annotations) =>
    inject(given).volumes.filter((name) => name?.startsWith('home'))
  expect(homes({ 'agent-configmap': 'agent' })).toEqual(['home-init', 'home-sidecar'])
  expect(homes({})).toEqual([])
})

describe('a login by', () => {
  const methods: readonly (readonly [string, Annotations])[] = [
    ['kubernetes', {}],
    ['jwt', {}],
    ['cert', {}],
    ['approle', { 'auth-config-role-id-file-path': '/vault/custom/role-id' }],
    ['aws', { 'auth-config-type': 'iam' }],
    ['azure', { 'auth-config-resource': 'https://vault' }],
    ['gcp', { 'auth-config-type': 'gce' }],
    [
      'ldap',
      { 'auth-config-username': 'app', 'auth-config-password-file-path': '/vault/custom/password' },
    ],
    ['token_file', { 'auth-config-token-file-path': '/vault/custom/token' }],
  ]

  test.each(methods)('%s is known to our agent, and needs %j', (type, needed) => {
    expect(refused({ 'auth-type': type, ...needed })).toEqual([])
    const blank = Object.fromEntries(Object.keys(needed).map((key) => [key, ' ']))
    expect(refused({ 'auth-type': type, ...blank })).toEqual(Object.keys(needed))
    expect(refused({ 'auth-type': type, ...blank }, {}, stock)).toEqual([])
  })

  test.each(['aws', 'azure', 'gcp'])('%s needs a role', (type) => {
    const given = { 'auth-type': type, ...new Map(methods).get(type), role: undefined }
    expect(refused(given)).toEqual(['role'])
    expect(refused({ ...given, role: ' ' })).toEqual(['role'])
    expect(refused({ ...given, 'auth-config-role': 'app' })).toEqual([])
  })

  test.each(['alicloud', 'cf', 'kerberos', 'oci'])('%s needs a stock agent', (type) => {
    expect(refused({ 'auth-type': type })).toEqual(['auth-type'])
    expect(refused({ 'auth-type': type }, {}, stock)).toEqual([])
  })

  test('any method is a ConfigMap’s own affair', () => {
    expect(refused({ 'auth-type': 'approle', 'agent-configmap': 'agent' })).toEqual([])
  })
})

describe('the identity that a cloud gives to the app', () => {
  const variables = (names: readonly string[]) =>
    names.map((name) => ({ name, value: `the ${name}` }))
  const aws = ['AWS_ROLE_ARN', 'AWS_WEB_IDENTITY_TOKEN_FILE']
  const podIdentity = ['AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE']
  const azure = ['AZURE_CLIENT_ID', 'AZURE_FEDERATED_TOKEN_FILE', 'AZURE_TENANT_ID']
  const place = {
    aws: '/var/run/secrets/eks.amazonaws.com/serviceaccount',
    azure: '/var/run/secrets/azure/tokens',
  }
  const spec = {
    containers: [
      {
        name: 'app',
        env: variables([...aws, ...podIdentity, ...azure, 'AZURE_CLIENT_SECRET']),
        volumeMounts: [
          tokenMount,
          { name: 'aws', mountPath: place.aws },
          { name: 'azure', mountPath: place.azure },
        ],
      },
    ],
  }
  const parameters = { 'auth-config-type': 'iam', 'auth-config-resource': 'https://vault' }

  test.each<[string, WebhookDefaults, readonly string[], string | undefined]>([
    ['aws', ours, [...podIdentity, ...aws], place.aws],
    ['aws', stock, [...podIdentity, ...aws], place.aws],
    ['aws', oursInStockProfile, aws, place.aws],
    ['azure', ours, azure, place.azure],
    ['azure', oursInStockProfile, [], undefined],
    ['gcp', ours, [], undefined],
  ])('is the agent’s too, where it logs in by %s', (type, defaults, names, mounted) => {
    const { patch } = inject({ ...parameters, 'auth-type': type }, spec, defaults)
    const container: unknown = patch.flatMap((operation) =>
      operation.op === 'add' && operation.path === '/spec/containers/-' ? [operation.value] : [],
    )[0]
    const text = JSON.stringify(container)
    const found = [...text.matchAll(/"name":"((?:AWS|AZURE)_[A-Z_]+)","value":"the/g)]
    expect(found.map(([, name]) => name).toSorted()).toEqual([...names].toSorted())
    for (const path of Object.values(place)) expect(text.includes(path)).toBe(path === mounted)
  })
})

test.each([
  ['agent-telemetry-disable-hostname', 'true', []],
  ['agent-telemetry-prometheus-retention-time', '24h', []],
  ['agent-telemetry-enable-hostname-label', 'false', []],
  ['agent-telemetry-statsd-address', 'a:1', [expect.stringMatching(/has no effect on the Clav/)]],
])('%s: %s on our agent', (key, value, warnings) => {
  expect(inject({ [key]: value }).warnings).toEqual(warnings)
  expect(inject({ [key]: value }, {}, stock).warnings).toEqual([])
})
