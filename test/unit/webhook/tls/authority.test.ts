import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import { type Authority, renewAuthority } from '../../../../webhook/tls/authority.ts'

const dayMs = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const hosts = ['claviger.default.svc']
const first = renewAuthority(undefined, hosts, start)

function countCas({ bundle }: Authority): number {
  return bundle.split('BEGIN CERTIFICATE').length - 1
}

/** True when a client that trusts the bundle accepts the leaf. */
function isTrusted({ bundle, leaf }: Authority): boolean {
  const cas = bundle
    .split(/(?<=-----END CERTIFICATE-----\n)/)
    .map((pem) => new X509Certificate(pem))
  return cas.some((ca) => new X509Certificate(leaf.cert).verify(ca.publicKey))
}

describe('renewAuthority', () => {
  test('makes everything when there is nothing', () => {
    expect(countCas(first)).toBe(1)
    expect(isTrusted(first)).toBe(true)
    expect(new X509Certificate(first.leaf.cert).checkHost('claviger.default.svc')).toBeDefined()
  })

  test('returns the very same while nothing is due', () => {
    expect(renewAuthority(first, hosts, start)).toBe(first)
    expect(renewAuthority(first, hosts, start + 3 * dayMs)).toBe(first)
  })

  test('renews the leaf at half its life, with the same CA', () => {
    const renewed = renewAuthority(first, hosts, start + 4 * dayMs)
    expect(renewed.leaf.cert).not.toBe(first.leaf.cert)
    expect(renewed.bundle).toBe(first.bundle)
    expect(isTrusted(renewed)).toBe(true)
  })

  test('renews the leaf at once when it is for other hosts', () => {
    const renewed = renewAuthority(first, ['other.default.svc', '10.0.0.1'], start)
    expect(new X509Certificate(renewed.leaf.cert).checkIP('10.0.0.1')).toBeDefined()
    expect(renewed.bundle).toBe(first.bundle)
  })

  test('publishes a new CA before it signs with it, and drops the old one when it has expired', () => {
    const due = start + 244 * dayMs
    const current = renewAuthority(first, hosts, due - dayMs)
    const published = renewAuthority(current, hosts, due)
    expect(countCas(published)).toBe(2)
    expect(published.leaf).toBe(current.leaf)
    expect(renewAuthority(published, hosts, due + 60_000)).toBe(published)
    const signed = renewAuthority(published, hosts, due + 4 * dayMs)
    expect(signed.bundle).toBe(published.bundle)
    expect(new X509Certificate(signed.leaf.cert).verify(newest(signed).publicKey)).toBe(true)
    const later = renewAuthority(signed, hosts, start + 366 * dayMs)
    expect(countCas(later)).toBe(1)
    expect(isTrusted(later)).toBe(true)
  })

  test('every step of three years leaves a leaf that is trusted and not expired', () => {
    let authority = first
    let trusted = first.bundle
    for (let now = start; now < start + 3 * 365 * dayMs; now += dayMs / 2) {
      const next = renewAuthority(authority, hosts, now)
      // Clients still trust the bundle of the step before while they meet the new leaf.
      expect(isTrusted({ ...next, bundle: trusted })).toBe(true)
      expect(new X509Certificate(next.leaf.cert).validToDate.getTime()).toBeGreaterThan(now + dayMs)
      expect(countCas(next)).toBeLessThanOrEqual(2)
      authority = next
      trusted = next.bundle
    }
  })

  test.each([
    ['no CA', { ...first, bundle: '' }],
    ['a CA of another key', { ...first, caKey: renewAuthority(undefined, hosts, start).caKey }],
    [
      'garbage',
      { ...first, bundle: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    ],
  ])('%s is replaced as a whole', (_, broken) => {
    const renewed = renewAuthority(broken, hosts, start)
    expect(renewed.caKey).not.toBe(broken.caKey)
    expect(isTrusted(renewed)).toBe(true)
  })

  test.each([
    ['no leaf', { ...first, leaf: { cert: '', key: '' } }],
    ['a leaf of another key', { ...first, leaf: { ...first.leaf, key: first.caKey } }],
    ['a leaf of another CA', { ...first, leaf: renewAuthority(undefined, hosts, start).leaf }],
  ])('%s is replaced alone', (_, broken) => {
    const renewed = renewAuthority(broken, hosts, start)
    expect(renewed.bundle).toBe(first.bundle)
    expect(isTrusted(renewed)).toBe(true)
  })
})

function newest({ bundle }: Authority): X509Certificate {
  return new X509Certificate(bundle.slice(0, bundle.indexOf('-----END CERTIFICATE-----') + 25))
}
