import { X509Certificate } from 'node:crypto'
import { describe, expect, test } from '@jest/globals'
import {
  type Authority,
  type Circumstances,
  renewAuthority,
} from '../../../../webhook/tls/authority.ts'

const dayMs = 86_400_000
const start = Date.parse('2026-01-01T00:00:00Z')
const hosts = ['claviger.default.svc']
const first = renew(undefined, start)

function renew(
  current: Authority | undefined,
  now: number,
  others: Partial<Circumstances> = {},
): Authority {
  const usual = { hosts, settleMs: 300_000, publishedMs: 10 * 60_000, rotate: false }
  return renewAuthority(current, { ...usual, now, ...others })
}

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
    expect(renew(first, start)).toBe(first)
    expect(renew(first, start + 3 * dayMs)).toBe(first)
  })

  test('renews the leaf at half its life, with the same CA', () => {
    const renewed = renew(first, start + 4 * dayMs)
    expect(renewed.leaf.cert).not.toBe(first.leaf.cert)
    expect(renewed.bundle).toBe(first.bundle)
    expect(isTrusted(renewed)).toBe(true)
  })

  test('renews the leaf at once when it is for other hosts', () => {
    const renewed = renew(first, start, { hosts: ['other.default.svc', '10.0.0.1'] })
    expect(new X509Certificate(renewed.leaf.cert).checkIP('10.0.0.1')).toBeDefined()
    expect(renewed.bundle).toBe(first.bundle)
  })

  test.each([
    ['at two thirds of its life', 244 * dayMs, {}],
    ['when somebody asks', 10 * dayMs, { rotate: true }],
  ])('replaces a CA %s: published first, then used, then alone', (_, age, asked) => {
    const due = start + age
    const current = renew(first, due - dayMs)
    const rotated = renew(current, due, asked)
    expect(countCas(rotated)).toBe(2)
    expect(rotated.leaf).toBe(current.leaf)
    expect(rotated.caKey).not.toBe(current.caKey)
    expect(renew(rotated, due + 300_000, { publishedMs: 299_000 })).toBe(rotated)
    const signed = renew(rotated, due + 300_000)
    expect(signed.bundle).toBe(rotated.bundle)
    expect(isSignedBy(signed, newest(signed))).toBe(true)
    expect(countCas(renew(signed, due + 7 * dayMs))).toBe(2)
    const alone = renew(signed, due + 9 * dayMs)
    expect(countCas(alone)).toBe(1)
    expect(isTrusted(alone)).toBe(true)
  })

  test('a CA that is never published signs only when the leaf would run out', () => {
    const rotated = renew(first, start, { rotate: true })
    const unpublished = { publishedMs: 0 }
    expect(renew(rotated, start + 6 * dayMs, unpublished).leaf).toBe(first.leaf)
    const late = renew(rotated, start + 6.5 * dayMs, unpublished)
    expect(isSignedBy(late, newest(late))).toBe(true)
  })

  test('a second rotation before the first one is over leaves all of them trusted', () => {
    const once = renew(first, start, { rotate: true })
    const twice = renew(once, start + 60_000, { rotate: true })
    expect(countCas(twice)).toBe(3)
    expect(isTrusted(twice)).toBe(true)
    const signed = renew(twice, start + 360_000)
    expect(isSignedBy(signed, newest(signed))).toBe(true)
  })

  test('every step of three years leaves a leaf that is trusted and not expired', () => {
    let authority = first
    let trusted = first.bundle
    for (let now = start; now < start + 3 * 365 * dayMs; now += dayMs / 2) {
      const next = renew(authority, now)
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
    ['a CA of another key', { ...first, caKey: renew(undefined, start).caKey }],
    [
      'garbage',
      { ...first, bundle: '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----' },
    ],
  ])('%s is replaced as a whole', (_, broken) => {
    const renewed = renew(broken, start)
    expect(renewed.caKey).not.toBe(broken.caKey)
    expect(isTrusted(renewed)).toBe(true)
  })

  test.each([
    ['no leaf', { ...first, leaf: { cert: '', key: '' } }],
    ['a leaf of another key', { ...first, leaf: { ...first.leaf, key: first.caKey } }],
    ['a leaf of another CA', { ...first, leaf: renew(undefined, start).leaf }],
  ])('%s is replaced alone, and with the CA it has when that is rotated', (_, broken) => {
    const renewed = renew(broken, start)
    expect(renewed.bundle).toBe(first.bundle)
    expect(isTrusted(renewed)).toBe(true)
    const rotated = renew(broken, start, { rotate: true })
    expect(countCas(rotated)).toBe(2)
    // The new CA may not be known to every API server yet.
    expect(isTrusted({ ...rotated, bundle: first.bundle })).toBe(true)
  })
})

function isSignedBy({ leaf }: Authority, ca: X509Certificate): boolean {
  return new X509Certificate(leaf.cert).verify(ca.publicKey)
}

function newest({ bundle }: Authority): X509Certificate {
  return new X509Certificate(bundle.slice(0, bundle.indexOf('-----END CERTIFICATE-----') + 25))
}
