/** Policies of one rule applied to pods, through the injector. */
import { describe, expect, test } from '@jest/globals'
import { type NamespaceView, nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { inject, rule, told } from './inject-under.ts'

describe('one rule', () => {
  test.each([
    ['annotations: { deny: [role] }', {}, ['role: expected no such annotation (policy rule r)']],
    ['annotations: { deny: [service] }', {}, []],
    [
      'annotations: { deny: [service] }, message: ask us',
      { service: 'https://v' },
      ['service: expected no such annotation (policy rule r: ask us)'],
    ],
    [
      "annotations: { deny: ['agent-run-as-*'] }",
      { 'agent-run-as-user': '5', 'agent-run-as-group': '5' },
      [
        'agent-run-as-user: expected no such annotation (policy rule r)',
        'agent-run-as-group: expected no such annotation (policy rule r)',
      ],
    ],
    [
      "annotations: { deny: ['class:gated'] }",
      {},
      ['role: expected no such annotation (policy rule r)'],
    ],
    ['annotations: { allow: [role] }', { 'log-level': 'debug' }, []],
    [
      'annotations: { allow: [role] }',
      { 'tls-skip-verify': 'true' },
      ['tls-skip-verify: expected no such annotation (policy rule r)'],
    ],
    [
      'annotations: { allow: [role], deny: [role] }',
      {},
      ['role: expected no such annotation (policy rule r)'],
    ],
    ["roles: { allow: ['{serviceAccount}'] }", {}, []],
    [
      "roles: { allow: ['{serviceAccount}'] }",
      { role: 'admin' },
      ['role: expected "{serviceAccount}" (policy rule r)'],
    ],
    [
      "roles: { allow: ['{serviceAccount}'] }",
      { 'auth-config-role': 'admin' },
      ['auth-config-role: expected "{serviceAccount}" (policy rule r)'],
    ],
    [
      'roles: { deny: [admin, root] }',
      { role: 'ADMIN' },
      ['role: expected another value than "admin" or "root" (policy rule r)'],
    ],
    [
      "addresses: { allow: ['https://other.example'] }",
      {},
      [
        'service: expected "https://other.example" (the annotation is missing, and the default is none of these; policy rule r)',
      ],
    ],
    ["addresses: { allow: ['https://*.example.com'] }", {}, []],
    [
      "addresses: { allow: ['https://vault.example.com'] }",
      { service: 'https://evil.example' },
      ['service: expected "https://vault.example.com" (policy rule r)'],
    ],
    [
      "images: { allow: ['registry.example/agent@sha256:*'] }",
      { 'agent-image': 'registry.example/agent@sha256:0' },
      [],
    ],
    [
      'images: { allow: [] }',
      {},
      [
        'agent-image: expected none at all (the annotation is missing, and the default is none of these; policy rule r)',
      ],
    ],
    [
      "paths: { allow: ['secret/data/{namespace}/*'] }",
      { 'agent-inject-secret-x': 'secret/data/team-b/db' },
      ['agent-inject-secret-x: expected "secret/data/{namespace}/*" (policy rule r)'],
    ],
    ["paths: { allow: ['secret/data/{namespace}/*'] }", {}, []],
    [
      'roles: { allow: [a, b, c, d, e, f, g] }',
      {},
      ['role: expected "a" or "b" or "c" or "d" or "e" or 2 more (policy rule r)'],
    ],
  ] as const)('%s with %j', (body, annotations, expected) => {
    const outcome = inject(rule(body), annotations)
    expect(told(outcome)).toEqual(expected)
    expect(outcome.kind).toBe(expected.length === 0 ? 'injected' : 'denied')
    if (outcome.kind === 'denied') expect(outcome.reason).toBe('policy_denied')
  })

  test('has words for a command', () => {
    const outcome = inject(rule("commands: { allow: ['pkill -HUP app'] }"), {
      'agent-inject-command-db': 'curl evil',
    })
    expect(told(outcome)).toEqual([
      'agent-inject-command-db: expected "pkill -HUP app" (policy rule r)',
    ])
  })
})

describe('a rule is for', () => {
  const labelled = (labels: Readonly<Record<string, string>>): NamespaceView => ({
    ...nameNamespace('team-a'),
    labels: new Map(Object.entries(labels)),
  })
  test.each([
    ['{}', {}, true],
    ['{ names: [team-a] }', {}, true],
    ['{ names: [team-*] }', {}, true],
    ['{ names: [other] }', {}, false],
    ['{ names: [] }', {}, false],
    ['{ matchLabels: { env: prod } }', { env: 'prod' }, true],
    ['{ matchLabels: { env: prod } }', {}, false],
    ['{ matchLabels: { env: prod, a: b } }', { env: 'prod' }, false],
    ['{ names: [other], matchLabels: { env: prod } }', { env: 'prod' }, false],
    [
      '{ matchExpressions: [{ key: env, operator: In, values: [a, prod] }] }',
      { env: 'prod' },
      true,
    ],
    ['{ matchExpressions: [{ key: env, operator: In, values: [a] }] }', {}, false],
    ['{ matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] }', {}, true],
    [
      '{ matchExpressions: [{ key: env, operator: NotIn, values: [prod] }] }',
      { env: 'prod' },
      false,
    ],
    ['{ matchExpressions: [{ key: env, operator: Exists }] }', { env: '' }, true],
    ['{ matchExpressions: [{ key: env, operator: Exists }] }', {}, false],
    ['{ matchExpressions: [{ key: env, operator: DoesNotExist }] }', {}, true],
    ['{ matchExpressions: [{ key: env, operator: DoesNotExist }] }', { env: '' }, false],
  ])('%s with labels %j: %s', (selector, labels, selected) => {
    const policy = rule(`namespaces: ${selector}, annotations: { deny: [role] }`)
    expect(inject(policy, {}, labelled(labels)).kind).toBe(selected ? 'denied' : 'injected')
  })
})
