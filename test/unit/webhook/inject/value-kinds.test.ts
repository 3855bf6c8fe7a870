import { describe, expect, test } from '@jest/globals'
import {
  bool,
  choice,
  contains,
  directory,
  fileMode,
  image,
  mountPath,
  quantity,
  relativePath,
  storeAddress,
} from '../../../../webhook/inject/value-kinds.ts'

describe('bool', () => {
  test.each(['1', 't', 'T', 'TRUE', 'true', 'True'])('%j is true', (text) => {
    expect(bool.parse(text)).toBe(true)
  })
  test.each(['0', 'f', 'F', 'FALSE', 'false', 'False', ''])('%j is false', (text) => {
    expect(bool.parse(text)).toBe(false)
  })
  test.each([
    ['yes', 'true'],
    ['tRuE', 'true'],
    ['ture', 'true'],
    [' off ', 'false'],
    ['flase', 'false'],
    ['maybe', undefined],
  ])('%j is neither; suggested is %j', (text, suggestion) => {
    expect(bool.parse(text)).toBeUndefined()
    expect(bool.suggest?.(text)).toBe(suggestion)
  })
})

test('choice takes members only and suggests the nearest', () => {
  const kind = choice(['kubernetes', 'jwt'])
  expect(kind.parse('jwt')).toBe('jwt')
  expect(kind.parse('JWT')).toBeUndefined()
  expect(kind.suggest?.('Kuberntes')).toBe('kubernetes')
})

describe('quantity', () => {
  test.each([
    ['64MB', '64Mi'],
    ['64 Mi', '64Mi'],
    ['250 m', '250m'],
    ['1gb', '1Gi'],
    ['lots', undefined],
  ])('%j is none; suggested is %j', (text, suggestion) => {
    expect(quantity.parse(text)).toBeUndefined()
    expect(quantity.suggest?.(text)).toBe(suggestion)
  })
  test('empty removes', () => {
    expect(quantity.parse('')).toBe('')
  })
})

describe('fileMode', () => {
  test.each(['0644', '600', '0', '0777', '00644'])('%j is taken', (text) => {
    expect(fileMode.parse(text)).toBe(text)
  })
  test.each(['', '0o644', '4755', '0888', '-rw', '01777', 'rw-r--r--', '0644\n'])(
    '%j is refused',
    (text) => {
      expect(fileMode.parse(text)).toBeUndefined()
    },
  )
})

describe('relativePath', () => {
  test.each([
    ['app.env', 'app.env'],
    ['config/app.env', 'config/app.env'],
    ['/rooted/again', 'rooted/again'],
    ['./a//b/', 'a/b'],
    ['..data', '..data'],
    ['__proto__', '__proto__'],
  ])('%j is %j', (text, path) => {
    expect(relativePath.parse(text)).toBe(path)
  })
  test.each(['', '/', '.', '..', '../a', 'a/../../b', 'a\u0000b', 'a\nb', 'x'.repeat(256)])(
    '%j is refused',
    (text) => {
      expect(relativePath.parse(text)).toBeUndefined()
    },
  )
})

describe('directory', () => {
  test.each([
    ['/vault/secrets', '/vault/secrets'],
    ['/etc/app', '/etc/app'],
    ['/app//secrets/', '/app/secrets'],
    ['/run/secrets', '/run/secrets'],
  ])('%j is %j', (text, path) => {
    expect(directory.parse(text)).toBe(path)
  })
  test.each([
    '',
    'secrets',
    '/',
    '/etc',
    '/usr/',
    '/proc/self',
    '/dev/shm',
    '/a/../etc',
    '/a:b',
    '/vault',
    '/vault/state',
    '/vault/state/x',
    '/var/run/secrets/claviger.dev/serviceaccount',
    '/var/run/secrets/kubernetes.io/serviceaccount',
  ])('%j is refused', (text) => {
    expect(directory.parse(text)).toBeUndefined()
  })
})

describe('storeAddress', () => {
  test.each([
    'https://vault.vault.svc:8200',
    'http://127.0.0.1:8200',
    'https://[::1]:8200',
    'http://$(HOST_IP):8200',
    'https://vault.example/prefix/',
  ])('%j is taken as it is', (text) => {
    expect(storeAddress.parse(text)).toBe(text)
  })
  test.each([
    '',
    'vault',
    'vault:8200',
    'ftp://vault',
    'https://',
    'https://user:pass@vault',
    'https://vault?x',
    'https://vault#x',
    'https://va ult',
    'https://vault:99999',
    'https:///vault',
  ])('%j is refused', (text) => {
    expect(storeAddress.parse(text)).toBeUndefined()
  })
})

test.each([
  [mountPath, 'auth/kubernetes', true],
  [mountPath, 'auth/team-a/jwt/', true],
  [mountPath, '', false],
  [mountPath, 'auth/../sys', false],
  [mountPath, 'auth/x?y', false],
  [mountPath, 'auth/%2e%2e', false],
  [image, 'registry:5000/a/b@sha256:abc', true],
  [image, '', false],
  [image, 'a b', false],
])('%# %j', (kind, text, taken) => {
  expect(kind.parse(text)).toBe(taken ? text : undefined)
})

test.each([
  ['/a', '/a', true],
  ['/a', '/a/b', true],
  ['/a', '/ab', false],
  ['/', '/a', true],
  ['/a/b', '/a', false],
])('%j contains %j: %j', (outer, inner, expected) => {
  expect(contains(outer, inner)).toBe(expected)
})
