/** What a namespace gives to its pods: pod before namespace before operator before profile. */
import { describe, expect, test } from '@jest/globals'
import { annotations } from '../../../../webhook/inject/annotations/annotations.ts'
import { mutate, type Outcome } from '../../../../webhook/inject/mutate.ts'
import { type NamespaceView, readNamespaceDefaults } from '../../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../support/webhook-defaults.ts'

const base = createDefaults({ address: 'https://operator:8200', image: 'agent:1' })
const defaults = { ...base, annotations: new Map([['auth-min-backoff', '7s']]) }

const team = (
  given: Readonly<Record<string, string>>,
  labels: Readonly<Record<string, string>> = {},
): NamespaceView => ({
  name: 'team-a',
  labels: new Map(Object.entries(labels)),
  annotations: new Map(Object.entries(given)),
})

const prefix = 'openbao.org/'

function inject(pod: Readonly<Record<string, string>>, namespace: NamespaceView): Outcome {
  const entries = Object.entries(pod).map(([key, value]) => [prefix + key, value])
  const annotated = { [`${prefix}agent-inject`]: 'true', ...Object.fromEntries(entries) }
  const object = { metadata: { annotations: annotated }, spec: { containers: [{ name: 'app' }] } }
  return mutate(object, namespace, defaults)
}

/** The configuration of the sidecar. */
function configOf(outcome: Outcome) {
  if (outcome.kind !== 'injected') throw new Error(JSON.stringify(outcome))
  const texts = [...JSON.stringify(outcome.patch).matchAll(/"VAULT_CONFIG","value":"([^"]*)"/g)]
  const [, text = ''] = texts.at(-1) ?? []
  return JSON.parse(Buffer.from(text, 'base64').toString())
}

describe('a default of the namespace', () => {
  const given = team({
    'claviger.dev/default-role': 'team-role',
    'claviger.dev/default-service': 'https://team:8200',
    'claviger.dev/default-auth-path': 'auth/team',
    'claviger.dev/default-auth-min-backoff': '9s',
    'unrelated.example/default-role': 'nobody',
  })

  test('is for pods that say nothing, and beats the operator’s', () => {
    const { auto_auth, vault } = configOf(inject({}, given))
    expect(vault.address).toBe('https://team:8200')
    expect(auto_auth.method).toMatchObject({
      mount_path: 'auth/team',
      min_backoff: '9s',
      config: { role: 'team-role' },
    })
  })

  test('gives way to the pod, empty values included', () => {
    const pod = { role: 'own', service: 'https://own:8200', 'auth-min-backoff': '' }
    const { auto_auth, vault } = configOf(inject(pod, given))
    expect(vault.address).toBe('https://own:8200')
    expect(auto_auth.method.config.role).toBe('own')
    expect(auto_auth.method.min_backoff).toBeUndefined()
    expect(auto_auth.method.mount_path).toBe('auth/team')
  })

  test('is no default of another namespace', () => {
    const { auto_auth, vault } = configOf(inject({ role: 'own' }, team({})))
    expect(vault.address).toBe('https://operator:8200')
    expect(auto_auth.method.min_backoff).toBe('7s')
  })

  test('that is wrong is a problem of the namespace, told by its name', () => {
    const wrong = team({ 'claviger.dev/default-service': 'nonsense' })
    expect(inject({ role: 'own' }, wrong)).toMatchObject({
      kind: 'denied',
      reason: 'settings_invalid',
      issues: [
        { code: 'annotation_value', path: 'namespace team-a: claviger.dev/default-service' },
      ],
    })
    expect(inject({ role: 'own', service: 'https://own' }, wrong).kind).toBe('injected')
  })

  test('goes through the address guard', () => {
    const evil = team({ 'claviger.dev/default-service': 'http://169.254.169.254' })
    expect(inject({ role: 'own' }, evil)).toMatchObject({
      kind: 'denied',
      reason: 'address_refused',
      issues: [{ path: 'namespace team-a: claviger.dev/default-service' }],
    })
  })
})

describe('a namespace has no say', () => {
  test('in whether a pod is injected', () => {
    const asking = team({ 'claviger.dev/default-agent-inject': 'true' })
    const pod = { metadata: {}, spec: { containers: [{ name: 'app' }] } }
    expect(mutate(pod, asking, defaults)).toEqual({ kind: 'skipped', reason: 'not_requested' })
    expect(inject({ role: 'own' }, asking)).toMatchObject({
      warnings: expect.arrayContaining([
        'namespace team-a: claviger.dev/default-agent-inject has no effect: only a pod itself asks for injection',
      ]),
    })
  })

  test.each([
    ['rol', /no such annotation has a default; did you mean claviger\.dev\/default-role\?/],
    ['agent-inject-secret-db', /no such annotation has a default$/],
    ['agent-inject-status', /no such annotation has a default/],
    ['auth-config-role', /no such annotation has a default/],
  ])('in %s', (key, words) => {
    const { inherited, warnings } = readNamespaceDefaults(
      team({ [`claviger.dev/default-${key}`]: 'x' }),
    )
    expect(inherited.size).toBe(0)
    expect(warnings).toEqual([expect.stringMatching(words)])
  })
})

test('every plain annotation but the request and what is reserved can have a default', () => {
  const rows = Object.values(annotations)
  const all = rows.map(({ key }) => [`claviger.dev/default-${key}`, 'x'] as const)
  const { inherited } = readNamespaceDefaults(team(Object.fromEntries(all)))
  const expected = rows.filter(
    (row) => row.form === 'plain' && row.class !== 'reserved' && row.key !== 'agent-inject',
  )
  expect([...inherited.keys()].sort()).toEqual(expected.map(({ key }) => key).sort())
})

describe('the profile', () => {
  test.each([
    ['annotation', team({ 'claviger.dev/default-profile': 'claviger' })],
    ['label', team({}, { 'claviger.dev/profile': 'claviger' })],
    [
      'annotation before the label',
      team({ 'claviger.dev/default-profile': 'claviger' }, { 'claviger.dev/profile': 'nonsense' }),
    ],
  ])('is chosen by %s', (_, namespace) => {
    expect(inject({ role: 'own' }, namespace).kind).toBe('injected')
  })

  test.each([
    [
      'namespace team-a: claviger.dev/default-profile',
      team({ 'claviger.dev/default-profile': 'x' }, { 'claviger.dev/profile': 'claviger' }),
    ],
    ['namespace team-a: label claviger.dev/profile', team({}, { 'claviger.dev/profile': 'x' })],
  ])('that nobody knows denies: %s', (path, namespace) => {
    expect(inject({ role: 'own' }, namespace)).toMatchObject({
      kind: 'denied',
      reason: 'settings_invalid',
      issues: [{ code: 'namespace_profile', path }],
    })
  })
})
