/** How values are compared with the patterns of a policy: allow lists strictly, deny lists widely. */
import { describe, expect, test } from '@jest/globals'
import type { Subject } from '../../../../webhook/policy/policy.ts'
import { subjectKinds } from '../../../../webhook/policy/subjects.ts'

const values = { namespace: 'team-a', serviceAccount: 'shop' }

type Row = readonly [pattern: string, value: string, allows: boolean, denies: boolean]

const cases: Readonly<Record<Subject, readonly Row[]>> = {
  roles: [
    ['app', 'app', true, true],
    ['app', 'App', true, true],
    ['APP', ' app ', true, true],
    ['app', 'app2', false, false],
    ['{serviceAccount}', 'shop', true, true],
    ['{serviceAccount}', 'Shop', true, true],
    ['{serviceAccount}', 'other', false, false],
    ['{namespace}-{serviceAccount}', 'team-a-shop', true, true],
    ['{namespace}-*', 'team-a-x', true, true],
    ['{namespace}-*', 'team-ab', false, false],
    ['*', 'whatever', true, true],
    ['a.c', 'abc', false, false],
  ],
  stores: [
    ['prod', 'prod', true, true],
    ['prod', 'prod-2', false, false],
    ['{namespace}-*', 'team-a-x', true, true],
    ['pr*', 'pod:prod', false, false],
    ['p*', 'pod:prod', false, true],
    ['pod:*', 'pod:prod', true, true],
    ['pod:*', 'namespace:prod', false, false],
    ['type:aws', 'type:aws', true, true],
    ['*', 'pod:prod', true, true],
  ],
  storeTypes: [
    ['aws', 'aws', true, true],
    ['aws', 'ssm', false, false],
    ['*', 'db', true, true],
  ],
  storePaths: [
    ['prod:{namespace}/*', 'prod:team-a/db', true, true],
    ['prod:{namespace}/*', 'prod:team-b/db', false, false],
    ['prod:{namespace}/*', 'other:team-a/db', false, false],
    ['prod:a/*', 'prod:/a/b', true, true],
    ['prod:a/*', 'prod:a/../b', false, true],
    ['*:a', 'prod:a', true, true],
    ['aws:arn:aws:*', 'aws:arn:aws:secretsmanager:eu-west-1:1:secret:x', true, true],
  ],
  profiles: [
    ['claviger', 'claviger', true, true],
    ['claviger', 'vault-k8s', false, false],
  ],
  commands: [
    ['pkill -HUP app', 'pkill -HUP app', true, true],
    ['pkill -HUP *', 'pkill -HUP app', true, true],
    ['pkill -HUP *', 'pkill -HUP app; curl evil', false, true],
    ['pkill -HUP *', 'pkill -HUP $(curl evil)', false, true],
    ['pkill -HUP *', 'pkill -HUP app\ncurl evil', false, true],
    ['pkill -HUP *', 'pkill -HUP app && curl evil', false, true],
    ['*', 'a; b', true, true],
    ['*curl*', 'x; curl evil', false, true],
    ['awk {print}', 'awk {print}', true, true],
  ],
  paths: [
    ['secret/data/{namespace}/*', 'secret/data/team-a/db', true, true],
    ['secret/data/{namespace}/*', '/secret/data/team-a/db', true, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a/a/b/c', true, true],
    ['secret/data/{namespace}/*', 'secret/data/team-b/db', false, false],
    ['secret/data/{namespace}/*', 'secret/data/team-a', false, false],
    ['secret/data/{namespace}/*', 'secret/data/team-a/../team-b/db', false, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a/./db', false, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a//db', false, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a/%2e%2e/team-b', false, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a\\..\\x', false, true],
    ['secret/data/{namespace}/*', 'secret/data/team-a/db?version=2', true, true],
    ['secret/data/{namespace}/*', 'secret/data/team-b/db?x=/secret/data/team-a/', false, false],
    ['secret/data/app', 'secret/app', false, true],
    ['secret/data/prod/*', 'secret/prod/db', false, true],
    ['kv/team/data/prod/*', 'kv/team/prod/db', false, true],
    ['secret/*/db', 'secret/data/db', true, true],
    ['secret/*/db', 'secret/data/team-a/db', false, false],
    ['secret/**/db', 'secret/data/team-a/db', true, true],
  ],
  addresses: [
    ['https://vault.example.com', 'https://vault.example.com', true, true],
    ['https://vault.example.com', 'HTTPS://VAULT.example.com.:443/v1', true, true],
    ['https://vault.example.com', 'https://vault.example.com:8200', false, false],
    ['https://vault.example.com:*', 'https://vault.example.com:8200', true, true],
    ['https://vault.example.com', 'http://vault.example.com', false, false],
    ['*://vault.example.com', 'http://vault.example.com', true, true],
    ['https://vault.example.com', 'https://vault.example.com.evil.org', false, false],
    ['https://*.example.com', 'https://a.b.example.com', true, true],
    ['https://*.example.com', 'https://example.com', false, false],
    ['https://*.example.com', 'https://evil-example.com', false, false],
    ['https://*', 'https://anything.example', true, true],
    ['https://*', 'http://anything.example', false, false],
    ['*', 'http://anything.example', true, true],
    ['https://vault.{namespace}.svc:8200', 'https://vault.team-a.svc:8200', true, true],
    ['https://vault.{namespace}.svc:8200', 'https://vault.$(NAMESPACE).svc:8200', true, true],
    ['https://vault.{namespace}.svc:8200', 'https://vault.team-b.svc:8200', false, false],
    ['http://$(HOST_IP):8200', 'http://$(HOST_IP):8200', true, true],
    ['https://vault.example.com', 'https://vault.example.com@evil.org', false, true],
  ],
  images: [
    ['registry.example/team/*', 'registry.example/team/agent:1', true, true],
    ['registry.example/team/*', 'Registry.Example/team/a/b:1', true, true],
    ['registry.example/team/*', 'registry.example.evil.org/team/agent', false, false],
    ['registry.example/team/*', 'registry.example/other/agent', false, false],
    ['registry.example/*/agent', 'registry.example/a/agent', true, true],
    ['registry.example/*/agent', 'registry.example/a/b/agent', false, false],
    ['registry.example/agent:1.*', 'registry.example/agent:1.2', true, true],
    ['registry.example/agent:1.*', 'registry.example/agent:2.0', false, false],
    ['registry.example/agent:1.*', 'registry.example/agent', false, false],
    ['registry.example/agent@sha256:*', 'registry.example/agent@sha256:abc', true, true],
    ['registry.example/agent@sha256:*', 'registry.example/agent:1@sha256:abc', true, true],
    ['registry.example/agent@sha256:*', 'registry.example/agent:1', false, false],
    ['registry.example:5000/agent', 'registry.example:5000/agent:1', true, true],
    ['docker.io/*', 'evil/agent', true, true],
    ['docker.io/*', 'index.docker.io/evil/agent', true, true],
    ['claviger/agent', 'docker.io/claviger/agent:1', true, true],
    ['agent', 'docker.io/library/agent', true, true],
    ['claviger/agent', 'registry.example/claviger/agent', false, false],
    ['*', 'anything', true, true],
  ],
}

describe.each(Object.entries(cases))('%s', (name, rows) => {
  const kind = Object.entries(subjectKinds).find(([subject]) => subject === name)?.[1]

  test.each(rows)('%j and %j: allows %s, denies %s', (pattern, value, allows, denies) => {
    expect(kind?.isPattern(pattern)).toBe(true)
    expect(kind?.allows(pattern, value, values)).toBe(allows)
    expect(kind?.denies(pattern, value, values)).toBe(denies)
  })
})

test.each<[Subject, string]>([
  ['roles', ''],
  ['roles', '{pod}'],
  ['roles', 'a}'],
  ['paths', '/secret/data'],
  ['paths', 'secret/data/'],
  ['paths', 'secret?version=1'],
  ['paths', 'secret/{name}/x'],
  ['addresses', 'vault.example.com'],
  ['addresses', 'https://vault.example.com*'],
  ['addresses', 'https://vault.*.example.com'],
  ['addresses', 'https://*vault.example.com'],
  ['addresses', 'https://vault.example.com/v1'],
  ['addresses', 'https://user@vault.example.com'],
  ['addresses', 'ftp://vault.example.com'],
  ['addresses', 'https://0x7f.1'],
  ['addresses', 'https://*.'],
  ['images', 'registry.example*'],
  ['images', '*.example/agent'],
  ['images', '{namespace}.example/agent'],
  ['images', ''],
  ['commands', ' '],
])('%s has no pattern %j', (subject, pattern) => {
  expect(subjectKinds[subject].isPattern(pattern)).toBe(false)
})

test('a value that is no name makes a placeholder match nothing', () => {
  const odd = { namespace: 'a/b', serviceAccount: '' }
  expect(subjectKinds.paths.allows('secret/{namespace}/*', 'secret/a/b/c', odd)).toBe(false)
  expect(subjectKinds.roles.allows('{serviceAccount}', '', odd)).toBe(false)
})
