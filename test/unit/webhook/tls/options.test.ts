import { createSecureContext } from 'node:tls'
import { describe, expect, test } from '@jest/globals'
import {
  buildTlsSettings,
  cipherSuiteNames,
  http2Suites,
  type TlsVersion,
  tlsVersions,
} from '../../../../webhook/tls/options.ts'

describe('buildTlsSettings', () => {
  test('knows the 27 suites of vault-k8s, each good for a context', () => {
    expect(cipherSuiteNames).toHaveLength(27)
    for (const name of cipherSuiteNames) {
      const { ciphers } = buildTlsSettings('tls12', [name, ...http2Suites])
      expect(() => createSecureContext({ ciphers, minVersion: 'TLSv1.2' })).not.toThrow()
    }
  })

  // Object.keys forgets the type of a literal's keys.
  test.each(Object.keys(tlsVersions) as TlsVersion[])('%s can be served', (version) => {
    for (const suites of [[], http2Suites]) {
      expect(() => createSecureContext(buildTlsSettings(version, suites))).not.toThrow()
    }
  })

  test('leaves the defaults alone unless something is asked for', () => {
    expect(buildTlsSettings('tls12', [])).toEqual({ minVersion: 'TLSv1.2', ciphers: undefined })
  })
})
