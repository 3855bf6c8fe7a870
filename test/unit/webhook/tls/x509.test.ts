import { createPrivateKey, X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { createCa, createLeaf } from '../../../../webhook/tls/x509.ts'

const validity = {
  notBefore: Date.parse('2026-01-02T03:04:05Z'),
  notAfter: Date.parse('2051-01-01T00:00:00Z'),
}
const hosts = ['claviger.default.svc', 'claviger', '127.0.0.1']

describe('a CA', () => {
  const pair = createCa('Test CA', validity)
  const ca = new X509Certificate(pair.cert)

  test('is self-signed, of its key, and says what it may do', () => {
    expect(ca.subject).toBe('CN=Test CA')
    expect(ca.verify(ca.publicKey)).toBe(true)
    expect(ca.checkIssued(ca)).toBe(true)
    expect(ca.checkPrivateKey(createPrivateKey(pair.key))).toBe(true)
    expect(ca.ca).toBe(true)
    expect(ca.publicKey.asymmetricKeyDetails).toMatchObject({ namedCurve: 'prime256v1' })
  })

  test('is valid exactly as long as asked, across the change of the time format in 2050', () => {
    expect(ca.validFromDate.getTime()).toBe(validity.notBefore)
    expect(ca.validToDate.getTime()).toBe(validity.notAfter)
  })

  test('has a positive serial number of its own', () => {
    const serials = Array.from(
      { length: 50 },
      () => new X509Certificate(createCa('x', validity).cert),
    )
    expect(new Set(serials.map(({ serialNumber }) => serialNumber)).size).toBe(50)
    expect(serials.every(({ serialNumber }) => !serialNumber.startsWith('-'))).toBe(true)
  })
})

describe('a leaf', () => {
  const ca = createCa('Test CA', validity)
  const pair = createLeaf(ca, hosts, validity)
  const leaf = new X509Certificate(pair.cert)

  test('is issued by the CA and of its own key', () => {
    const issuer = new X509Certificate(ca.cert)
    expect(leaf.checkIssued(issuer)).toBe(true)
    expect(leaf.verify(issuer.publicKey)).toBe(true)
    expect(leaf.checkPrivateKey(createPrivateKey(pair.key))).toBe(true)
    expect(leaf.checkPrivateKey(createPrivateKey(ca.key))).toBe(false)
  })

  test('serves its hosts and no others, and is no CA', () => {
    expect(leaf.subjectAltName).toBe('DNS:claviger.default.svc, DNS:claviger, IP Address:127.0.0.1')
    expect(leaf.keyUsage).toEqual(['1.3.6.1.5.5.7.3.1'])
    expect(leaf.checkHost('claviger.default.svc')).toBe('claviger.default.svc')
    expect(leaf.checkHost('other.default.svc')).toBeUndefined()
    expect(leaf.checkIP('127.0.0.1')).toBe('127.0.0.1')
    expect(leaf.ca).toBe(false)
  })

  test('another CA of the same name did not issue it', () => {
    const other = new X509Certificate(createCa('Test CA', validity).cert)
    expect(leaf.verify(other.publicKey)).toBe(false)
    expect(leaf.checkIssued(other)).toBe(false)
  })

  test('takes as many names as length needs two bytes for', () => {
    const many = Array.from({ length: 200 }, (_, index) => `host-${index}.example`)
    const wide = new X509Certificate(createLeaf(ca, many, validity).cert)
    expect(wide.checkHost('host-199.example')).toBe('host-199.example')
  })
})
