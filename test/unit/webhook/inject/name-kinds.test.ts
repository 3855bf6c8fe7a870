import { expect, test } from '@jest/globals'
import { logFormat, logLevel } from '../../../../webhook/inject/kinds/log-kinds.ts'
import {
  hostName,
  objectName,
  storeNamespace,
} from '../../../../webhook/inject/kinds/name-kinds.ts'

test.each([
  [objectName, '', true],
  [objectName, 'vault-tls.v1', true],
  [objectName, 'Vault', false],
  [objectName, '-a', false],
  [objectName, 'a/b', false],
  [objectName, 'a'.repeat(254), false],
  [hostName, '', true],
  [hostName, 'vault.internal', true],
  [hostName, 'fd00::1', true],
  [hostName, 'vault:8200', false],
  [hostName, 'https://vault', false],
  [storeNamespace, '', true],
  [storeNamespace, 'team/app', true],
  [storeNamespace, 'team app', false],
  [storeNamespace, 'a\r\nX: y', false],
  [storeNamespace, 'é', false],
])('%# %j', (kind, text, taken) => {
  expect(kind.parse(text)).toBe(taken ? text : undefined)
})

test.each([
  [logLevel, 'DEBUG', 'debug'],
  [logLevel, 'err', 'error'],
  [logLevel, '', 'info'],
  [logLevel, 'loud', undefined],
  [logFormat, 'json', 'json'],
  [logFormat, '', 'standard'],
  [logFormat, 'xml', undefined],
])('%# %j is %j', (kind, text, expected) => {
  expect(kind.parse(text)).toBe(expected)
})
