import { describe, expect, test } from '@jest/globals'
import {
  findMeantStore,
  formatReference,
  parsePrefix,
  parseReference,
} from '../../../core/reference.ts'
import { toReferenceStores } from '../../../core/stores/settings/reference-stores.ts'

const types = new Map([
  ['aws', 'aws'],
  ['prod', 'ssm'],
  ['files', 'file'],
  ['other', 'vault'],
] as const)
const stores = toReferenceStores({ types })

const whole = {
  store: undefined,
  property: undefined,
  version: undefined,
  isOptional: false,
}

describe('a reference', () => {
  test.each([
    ['secret/data/app', { path: 'secret/data/app' }],
    [' secret/data/app ', { path: 'secret/data/app' }],
    ['secret/data/app#password', { path: 'secret/data/app', property: 'password' }],
    ['secret/data/app@3', { path: 'secret/data/app', version: '3' }],
    ['secret/data/app?version=2', { path: 'secret/data/app?version=2' }],
    ['secret/data/app?', { path: 'secret/data/app', isOptional: true }],
    ['secret/joe@example.com', { path: 'secret/joe@example.com' }],
    ['secret/50%25', { path: 'secret/50%25' }],
    ['kube:config', { path: 'kube:config' }],
    ['aws:prod/db', { store: 'aws', path: 'prod/db' }],
    [
      'aws:prod/db#password@AWSPREVIOUS?',
      {
        store: 'aws',
        path: 'prod/db',
        property: 'password',
        version: 'AWSPREVIOUS',
        isOptional: true,
      },
    ],
    ['aws:prod/db@AWSPENDING', { store: 'aws', path: 'prod/db', version: 'AWSPENDING' }],
    ['aws:prod/db@3', { store: 'aws', path: 'prod/db@3' }],
    ['aws:team@example.com#key', { store: 'aws', path: 'team@example.com', property: 'key' }],
    [
      'aws:arn:aws:secretsmanager:eu-west-1:1:secret:db-a1',
      {
        store: 'aws',
        path: 'arn:aws:secretsmanager:eu-west-1:1:secret:db-a1',
      },
    ],
    ['aws:a%23b%40c%3Fd%25e%20f', { store: 'aws', path: 'a#b@c?d%e%20f' }],
    ['prod:/app/db@label:blue', { store: 'prod', path: '/app/db', version: 'label:blue' }],
    ['prod:/app/db@12', { store: 'prod', path: '/app/db', version: '12' }],
    ['files:app@3#tls.crt', { store: 'files', path: 'app@3', property: 'tls.crt' }],
    ['other:kv/data/app#a#b', { store: 'other', path: 'kv/data/app', property: 'a#b' }],
  ])('%s', (text, parts) => {
    const value = { ...whole, ...parts }
    expect(parseReference(text, stores)).toEqual({ kind: 'ok', value })
    expect(parseReference(formatReference(value), stores)).toEqual({ kind: 'ok', value })
  })

  test.each([
    ['', 'a path'],
    ['  ', 'a path'],
    ['///', 'a path'],
    ['aws:', 'a path'],
    ['aws: / ', 'a path'],
    ['#key', 'a path'],
    ['?', 'a path'],
    ['aws:db#', 'a key after #'],
    ['aws:db#?', 'a key after #'],
    ['aws:db#@AWSCURRENT', 'a key after #'],
  ])('%j is none', (text, expected) => {
    const issue = { code: 'reference', path: text.trim(), expected }
    expect(parseReference(text, stores)).toEqual({ kind: 'issues', issues: [issue] })
  })

  test('without a prefix is of the default store', () => {
    const known = toReferenceStores({ types, fallback: 'prod' })
    expect(parseReference('/app/db@2', known)).toMatchObject({
      value: { store: 'prod', path: '/app/db', version: '2' },
    })
  })
})

test.each([
  ['aws:prod/', { store: 'aws', path: 'prod/' }],
  ['aws:', { store: 'aws', path: '' }],
  ['aws:a@AWSCURRENT?', { store: 'aws', path: 'a@AWSCURRENT?' }],
  ['aws:50%25', { store: 'aws', path: '50%' }],
  [' secret/metadata ', { store: undefined, path: 'secret/metadata' }],
])('a prefix: %j', (text, expected) => {
  expect(parsePrefix(text, stores)).toEqual(expected)
})

test.each([
  ['asw:prod/db', 'aws'],
  ['fles:x', 'files'],
  ['aws:prod/db', undefined],
  ['secret/data/app', undefined],
  ['x:y', undefined],
])('the store that %j may have meant', (text, expected) => {
  expect(findMeantStore(text, stores.names)).toBe(expected)
})
