import { describe, expect, test } from '@jest/globals'
import {
  agentFile,
  contains,
  directory,
  relativePath,
} from '../../../../webhook/inject/kinds/path-kinds.ts'

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
    '/vault/tls',
    '/vault/custom/x',
    '/vault/state/x',
    '/var/run/secrets/kubernetes.io/serviceaccount',
    '/var/run/secrets/kubernetes.io/serviceaccount',
  ])('%j is refused', (text) => {
    expect(directory.parse(text)).toBeUndefined()
  })
})

test.each([
  ['/vault/custom/a.tpl', true],
  ['', true],
  ['a.tpl', false],
  [' ', false],
  ['/a/../b', false],
  ['/a\n', false],
])('the file %j: %j', (text, taken) => {
  expect(agentFile.parse(text)).toBe(taken ? text : undefined)
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
