/** What the recorded pods of vault-k8s do not show: the warnings that go with its quirks, and where it refuses. */
import { describe, expect, test } from '@jest/globals'
import { formatDenial, mutate } from '../../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const defaults = createDefaults({
  address: 'https://vault:8200',
  image: 'hashicorp/vault:2.0.4',
  profile: 'vault-k8s',
})
const prefix = 'vault.hashicorp.com/'
const tokenMount = { name: 'sa', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount' }

function inject(annotations: Readonly<Record<string, string>>, spec: object = {}) {
  const all = { 'agent-inject': 'true', role: 'app', ...annotations }
  const prefixed = Object.entries(all).map(([key, value]) => [prefix + key, value])
  const metadata = { annotations: Object.fromEntries(prefixed) }
  const containers = [{ name: 'app', volumeMounts: [tokenMount] }]
  const volumes = [
    { name: 'sa', projected: { sources: [{ serviceAccountToken: { path: 'token' } }] } },
  ]
  const pod = { metadata, spec: { containers, volumes, ...spec } }
  return mutate(pod, nameNamespace('default'), defaults)
}

function warningsOf(annotations: Readonly<Record<string, string>>, spec?: object) {
  const outcome = inject(annotations, spec)
  if (outcome.kind !== 'injected') throw new Error('expected an injection')
  return outcome.warnings.join('\n')
}

describe('a quirk is reproduced, and the author hears of it', () => {
  const secret = { 'agent-inject-secret-a': 'secret/a' }
  test.each<[string, Readonly<Record<string, string>>, object, RegExp]>([
    [
      'a path that leaves the volume',
      { 'agent-inject-file-a': '../../etc/x' },
      {},
      /file-a is taken as it is/,
    ],
    [
      'permissions that are none',
      { 'agent-inject-perms-a': '0o600' },
      {},
      /perms-a is taken as it is/,
    ],
    ['a huge user', { 'agent-run-as-user': '9223372036854775807' }, {}, /run-as-user is taken/],
    ['a minimum above the maximum', { 'auth-min-backoff': '10m' }, {}, /auth-min-backoff.*no more/],
    [
      'no agent at all',
      { 'agent-pre-populate': '0', 'agent-pre-populate-only': '1' },
      {},
      /no agent at all/,
    ],
    [
      'telemetry of a wrong type',
      { 'agent-telemetry-statsd-address': '5' },
      {},
      /telemetry-statsd-address/,
    ],
    [
      'a template that does not parse',
      { 'agent-inject-template-a': '{{ end }}' },
      {},
      /template that parses/,
    ],
    [
      'a name in upper case twice',
      { 'agent-inject-secret-A': 'secret/b' },
      {},
      /a file of its own/,
    ],
    [
      'the token beside a secret called token',
      { 'agent-inject-token': 't', 'agent-inject-secret-token': 'x' },
      {},
      /agent-inject-token has it/,
    ],
    [
      'an annotation of ours',
      { 'agent-native-sidecar': 'on' },
      {},
      /native-sidecar has no effect in profile vault-k8s/,
    ],
    ['a Job that never ends', {}, { restartPolicy: 'Never' }, /keeps a pod .* from completing/],
    ['lost volumes', {}, { volumes: [] }, /only the last stays/],
    [
      'a container of the agent’s name',
      {},
      { initContainers: [{ name: 'vault-agent-init' }] },
      /no container called/,
    ],
    [
      'a token that is another one’s',
      {},
      {
        containers: [
          { name: 'app', volumeMounts: [{ name: 'x', mountPath: '/eks/serviceaccount' }] },
        ],
      },
      /first mount with "serviceaccount"/,
    ],
  ])('%s', (_, annotations, spec, warning) => {
    expect(warningsOf({ ...secret, ...annotations }, spec)).toMatch(warning)
  })

  test('a pod without quirks gets no warning', () => {
    expect(warningsOf(secret)).toBe('')
  })
})

describe('a denial begins with the first stage that fails, and tells all problems', () => {
  test.each<[Readonly<Record<string, string>>, string, number]>([
    [{ 'agent-inject': 'si', role: '' }, 'error checking if should inject agent: ', 1],
    [{ 'auth-min-backoff': 'soon', role: '' }, 'error adding default annotations: ', 2],
    [
      { 'agent-json-patch': '{', 'agent-limits-cpu': 'lots' },
      'error adding default annotations: ',
      2,
    ],
    [{ 'agent-revoke-grace': '', role: '' }, 'error creating new agent sidecar: ', 2],
    [
      { 'agent-pre-populate': 'x', 'tls-skip-verify': 'y' },
      'error creating new agent sidecar: ',
      2,
    ],
    [{ role: '', 'agent-image': '', service: '' }, 'error validating agent configuration: ', 3],
    [{ 'agent-request-namespace': '' }, 'error validating agent configuration: ', 1],
    [{ 'agent-limits-cpu': 'lots' }, 'error creating patch for agent: ', 1],
    [{ 'agent-json-patch': '[null]' }, 'error creating patch for agent: ', 1],
    [{ 'template-lease-renewal-threshold': 'NaN' }, 'error creating patch for agent: ', 1],
  ])('%j', (annotations, words, count) => {
    const outcome = inject(annotations)
    if (outcome.kind !== 'denied') throw new Error('expected a denial')
    expect(formatDenial(outcome.issues).startsWith(`${words}claviger: `)).toBe(true)
    expect(outcome.issues).toHaveLength(count)
  })
})

test('a configuration too long for a variable is refused, and compressed for our own agent', () => {
  const template = Array.from({ length: 6000 }, (_, index) => `line ${index} of many\n`).join('')
  const long = { 'agent-inject-template-a': template }
  expect(inject(long)).toMatchObject({
    kind: 'denied',
    issues: [{ code: 'config_size', stage: 'patch' }],
  })
  const metadata = {
    annotations: {
      'claviger.dev/agent-inject': 'true',
      'claviger.dev/role': 'app',
      'claviger.dev/agent-inject-template-a': template,
    },
  }
  const own = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
  const pod = { metadata, spec: { containers: [{ name: 'app' }] } }
  const outcome = mutate(pod, nameNamespace('default'), own)
  const text = JSON.stringify(outcome)
  const [, value = ''] = /"VAULT_CONFIG","value":"([^"]*)"/.exec(text) ?? []
  expect(value.length).toBeLessThan(131_058)
  expect([...Buffer.from(value, 'base64').subarray(0, 2)]).toEqual([0x1f, 0x8b])
})
