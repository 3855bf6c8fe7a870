/** How rules, classes, locks and the address guard go together. */
import { describe, expect, test } from '@jest/globals'
import { type NamespaceView, nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { inject, rule, told } from './inject-under.ts'

describe('several rules', () => {
  const rules = (...bodies: readonly string[]) =>
    `rules:\n${bodies.map((body, index) => `  - { name: r${index}, ${body} }`).join('\n')}`

  test.each([
    [
      'the first that speaks decides',
      ['annotations: { allow: [role] }', "annotations: { deny: ['class:gated'] }"],
      'injected',
    ],
    [
      'a later one decides what the first is silent about',
      ['roles: { allow: [shop] }', 'annotations: { deny: [role] }'],
      'denied',
    ],
    [
      'a deny list is silent about what it does not name',
      ['roles: { deny: [admin] }', 'roles: { allow: [x] }'],
      'denied',
    ],
    [
      'an exception of another namespace is none',
      ['namespaces: { names: [ops] }, roles: { allow: ["*"] }', 'roles: { allow: [x] }'],
      'denied',
    ],
    [
      'a rule that audits opens nothing',
      ['mode: audit, roles: { allow: ["*"] }', 'roles: { allow: [x] }'],
      'denied',
    ],
    [
      'a rule that warns stops nothing',
      ['mode: warn, roles: { allow: [x] }', 'roles: { allow: [shop] }'],
      'injected',
    ],
  ])('%s', (_, bodies, kind) => {
    expect(inject(rules(...bodies)).kind).toBe(kind)
  })

  test('what is enforced, warned and audited is told apart', () => {
    const outcome = inject(
      rules(
        'mode: audit, roles: { allow: [a] }',
        'mode: warn, roles: { allow: [b] }',
        'mode: audit, roles: { allow: [c] }',
        'mode: enforce, roles: { allow: [shop] }',
        'mode: enforce, roles: { allow: [d] }',
      ),
    )
    expect(outcome.kind).toBe('injected')
    expect(told(outcome)).toEqual(['policy: role: expected "b" (policy rule r1)'])
    expect(outcome.kind === 'injected' && outcome.policy).toEqual([
      { mode: 'audit', rule: 'r0', subject: 'roles' },
      { mode: 'warn', rule: 'r1', subject: 'roles' },
    ])
  })

  test('a class without a rule has its own mode', () => {
    const policy =
      'classes: { gated: enforce }\nrules: [{ name: r, annotations: { allow: [role] } }]'
    expect(inject(policy).kind).toBe('injected')
    expect(told(inject(policy.replace('r, ann', 'r, namespaces: { names: [x] }, ann')))).toEqual([
      'role: expected no such annotation (policy rule classes.gated)',
    ])
  })
})

describe('a lock', () => {
  const team: NamespaceView = {
    ...nameNamespace('team-a'),
    annotations: new Map([
      ['claviger.dev/default-role', 'shop'],
      ['claviger.dev/default-auth-path', 'auth/a'],
    ]),
  }
  test.each([
    ['role', { role: 'shop' }, []],
    ['role', { role: 'admin' }, ['role']],
    [
      'class:gated',
      { role: 'admin', 'auth-path': 'auth/b', service: 'https://x' },
      ['role', 'auth-path', 'service'],
    ],
    ['service', { service: 'https://vault.example.com' }, []],
    ['agent-image', { 'agent-image': 'evil' }, ['agent-image']],
    ['tls-secret', { 'tls-secret': 'mine' }, []],
  ])('of %s with %j', (key, annotations, locked) => {
    const outcome = inject(rule(`annotations: { lock: ['${key}'] }`), annotations, team)
    expect(told(outcome)).toEqual(
      locked.map(
        (each) =>
          `${each}: expected the default of the namespace or of the operator (leave the annotation out; policy rule r)`,
      ),
    )
  })
})

describe('together with other problems', () => {
  test('everything is told at once, and what is wrong in itself only once', () => {
    const policy = rule("annotations: { deny: [role] }, addresses: { allow: ['https://x'] }")
    const outcome = inject(policy, { service: 'nonsense', 'agent-run-as-user': 'me' })
    const places = told(outcome).map((text) => text.split(':')[0])
    expect(places.sort()).toEqual(['agent-run-as-user', 'role', 'service'])
    expect(outcome.kind === 'denied' && outcome.reason).toBe('settings_invalid')
  })

  test('the address guard speaks without a policy, and before it', () => {
    const outcome = inject('', { service: 'http://169.254.169.254' })
    expect(told(outcome)).toEqual([
      'service: expected an address that is not the metadata service of a cloud',
    ])
    expect(outcome.kind === 'denied' && outcome.reason).toBe('address_refused')
  })

  test('loopback is for what the operator lists', () => {
    const service = 'http://127.0.0.1:8100'
    expect(inject('', { service }).kind).toBe('denied')
    expect(inject("loopback: ['http://127.0.0.1:8100']", { service }).kind).toBe('injected')
  })
})
