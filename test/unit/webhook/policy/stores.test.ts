/** What a policy says of stores beside the pod's own Vault. */
import { describe, expect, test } from '@jest/globals'
import { nameNamespace } from '../../../../webhook/inject/namespace.ts'
import { readPolicy } from '../../../../webhook/policy/read-policy.ts'
import { inject, rule, told } from './inject-under.ts'

const listed = new Map([
  ['prod', { name: 'prod', type: 'aws' as const, values: new Map([['region', 'eu-west-1']]) }],
])
const mine = 'vault address=https://v.example:8200 role=shop'

function judge(policy: string, annotations: Readonly<Record<string, string>>) {
  return told(inject(policy, annotations, nameNamespace('team-a'), { stores: listed }))
}

describe.each<[string, string, Readonly<Record<string, string>>]>([
  ['a name of the list', 'stores: { allow: [prod] }', { 'agent-inject-secret-s': 'prod:a' }],
  ['any', "stores: { allow: ['*'] }", { 'store-x': mine, 'agent-inject-secret-s': 'x:a' }],
  [
    'what pods describe',
    "stores: { allow: ['pod:*'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
  ],
  ['a bare type', "stores: { allow: ['type:aws'] }", { 'agent-inject-secret-s': 'aws:a' }],
  [
    'a pod that only names what is listed',
    'stores: { allow: [prod] }',
    { 'store-prod': 'aws', 'agent-inject-secret-s': 'prod:a' },
  ],
  ['a type', 'storeTypes: { allow: [aws] }', { 'agent-inject-secret-s': 'prod:a' }],
  [
    'a path',
    "storePaths: { allow: ['prod:{namespace}/*'] }",
    { 'agent-inject-secret-s': 'prod:team-a/db#k@AWSPREVIOUS?' },
  ],
  [
    'a path in a template',
    "storePaths: { allow: ['*:team-a/*'] }",
    { 'agent-inject-template-t': '{{ secret "prod:team-a/x" }}' },
  ],
  [
    'a path of another store, to rules of Vault',
    "paths: { allow: ['secret/**'] }",
    { 'agent-inject-secret-s': 'prod:b/db' },
  ],
  [
    'one key of an allowed path',
    "paths: { allow: ['secret/data/team-a/*'] }",
    { 'agent-inject-secret-s': 'secret/data/team-a/x#key@3' },
  ],
  [
    'an address',
    "addresses: { allow: ['https://vault.example.com', 'https://v.example:8200'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
  ],
  [
    'a database by its host and port',
    "addresses: { allow: ['https://vault.example.com', 'https://db.example:5432'] }",
    { 'store-x': 'db url=postgresql://u@db.example/d', 'agent-inject-secret-s': 'x:a' },
  ],
])('allows %s', (_, body, annotations) => {
  test(body, () => {
    expect(judge(rule(body), annotations)).toEqual([])
  })
})

describe.each<[string, string, Readonly<Record<string, string>>, string]>([
  [
    'a name that is not listed',
    'stores: { allow: [other] }',
    { 'agent-inject-secret-s': 'prod:a' },
    'agent-inject-secret-s: expected "other" (policy rule r)',
  ],
  [
    'a store of the pod, whatever its name is',
    "stores: { allow: ['pr*'] }",
    { 'store-prod': 'aws region=us-east-1', 'agent-inject-secret-s': 'prod:a' },
    'store-prod: expected "pr*" (policy rule r)',
  ],
  [
    'what pods describe',
    "stores: { deny: ['pod:*'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
    'store-x: expected another value than "pod:*" (policy rule r)',
  ],
  [
    'the annotation',
    "annotations: { deny: ['store-*'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
    'store-x: expected no such annotation (policy rule r)',
  ],
  [
    'the class of it',
    'annotations: { allow: [role] }',
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
    'store-x: expected no such annotation (policy rule r)',
  ],
  [
    'another description than the list',
    "annotations: { lock: ['store-*'] }",
    { 'store-prod': 'aws region=us-east-1', 'agent-inject-secret-s': 'prod:a' },
    'store-prod: expected the default of the namespace or of the operator (leave the annotation out; policy rule r)',
  ],
  [
    'a type',
    'storeTypes: { deny: [aws] }',
    { 'agent-inject-secret-s': 'prod:a' },
    'agent-inject-secret-s: expected another value than "aws" (policy rule r)',
  ],
  [
    'a path of another namespace',
    "storePaths: { allow: ['prod:{namespace}/*'] }",
    { 'agent-inject-secret-s': 'prod:team-b/db' },
    'agent-inject-secret-s: expected "prod:{namespace}/*" (policy rule r)',
  ],
  [
    'a path that only begins as one that is allowed',
    "storePaths: { allow: ['db:team-a'] }",
    { 'store-db': 'db url=postgresql://u@db/d', 'agent-inject-secret-s': 'db:team-a%3Fx' },
    'agent-inject-secret-s: expected "db:team-a" (policy rule r)',
  ],
  [
    'the same of another Vault',
    "paths: { allow: ['secret/data/team-a/db'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:secret/data/team-a/db%3Fx' },
    'agent-inject-secret-s: expected "secret/data/team-a/db" (policy rule r)',
  ],
  [
    'a computed path',
    "storePaths: { allow: ['prod:*'] }",
    { 'agent-inject-template-t': '{{ secret "prod:a" }}{{ secret (env "X") }}' },
    'agent-inject-template-t: expected paths that are written out (policy rule r)',
  ],
  [
    'a path of another Vault, to rules of Vault',
    "paths: { allow: ['secret/data/team-a/*'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:secret/data/team-b/db' },
    'agent-inject-secret-s: expected "secret/data/team-a/*" (policy rule r)',
  ],
  [
    'an address',
    "addresses: { allow: ['https://vault.example.com'] }",
    { 'store-x': mine, 'agent-inject-secret-s': 'x:a' },
    'store-x: expected "https://vault.example.com" (policy rule r)',
  ],
  [
    'an address behind a database’s',
    "addresses: { deny: ['https://evil.example:*'] }",
    {
      'store-x': 'db url=postgresql://u@db.example/d?host=evil.example',
      'agent-inject-secret-s': 'x:a',
    },
    'store-x: expected another value than "https://evil.example:*" (policy rule r)',
  ],
  [
    'a role of another Vault',
    'roles: { allow: [shop] }',
    { 'store-x': 'vault address=https://v:8200 role=admin', 'agent-inject-secret-s': 'x:a' },
    'store-x: expected "shop" (policy rule r)',
  ],
])('denies %s', (_, body, annotations, expected) => {
  test(body, () => {
    expect(judge(rule(body), annotations)).toEqual([expected])
  })
})

test.each([
  ['a metadata service', 'aws sts_endpoint=https://169.254.169.254'],
  ['a database on the node', 'db url=postgresql://u@127.0.0.1/d'],
  ['a disguised address', 'azure vault_url=https://2852039166'],
])('no agent is sent to %s, with or without a policy', (_, text) => {
  const outcome = inject('{}', { 'store-x': text, 'agent-inject-secret-s': 'x:a' })
  expect(outcome).toMatchObject({ kind: 'denied', reason: 'address_refused' })
})

test('what the operator lists is the operator’s own', () => {
  const values = new Map([['endpoint', 'http://127.0.0.1:4566']])
  const stores = new Map([['local', { name: 'local', type: 'aws' as const, values }]])
  const policy = rule("addresses: { allow: ['https://vault.example.com'] }")
  const annotations = { 'agent-inject-secret-s': 'local:a' }
  expect(told(inject(policy, annotations, nameNamespace('team-a'), { stores }))).toEqual([])
})

test.each([
  "stores: { allow: ['a b'] }",
  'storeTypes: { allow: ["aws/x"] }',
  "storePaths: { allow: ['prod/a'] }",
  "storePaths: { allow: ['prod:/a'] }",
  "storePaths: { allow: ['Prod:a'] }",
])('%s is no pattern', (body) => {
  expect(readPolicy(rule(body)).kind).toBe('issues')
})
