import { describe, expect, test } from '@jest/globals'
import {
  bool,
  choice,
  choiceInAnyCase,
  duration,
  fileMode,
  fraction,
  image,
  mountPath,
  quantity,
  storeAddress,
} from '../../../../webhook/inject/kinds/value-kinds.ts'

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

test('choiceInAnyCase takes members in any letter case', () => {
  const kind = choiceInAnyCase(['map', 'json'])
  expect(kind.parse('JSON')).toBe('json')
  expect(kind.parse('yaml')).toBeUndefined()
})

test.each([
  ['90s', '90s'],
  [' 5m ', '5m'],
  ['60', '60'],
  ['', ''],
  ['0s', undefined],
  ['soon', undefined],
  [' ', undefined],
])('the duration %j is %j', (text, expected) => {
  expect(duration.parse(text)).toBe(expected)
})

test.each([
  ['0.75', 0.75],
  ['.5', 0.5],
  ['', undefined],
  ['0', undefined],
  ['1', undefined],
  ['1.5', undefined],
  ['-0.5', undefined],
  ['0x1', undefined],
  ['90%', undefined],
])('the fraction %j is %j', (text, expected) => {
  expect(fraction.parse(text)).toBe(expected)
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
