import { describe, expect, test } from '@jest/globals'
import {
  extendLease,
  holdSecret,
  isNearEnd,
  orphanLease,
  retryInTime,
} from '../../../../agent/plan/lease.ts'
import type { SecretAnswer, SecretRequest } from '../../../../core/template/secret-request.ts'
import { answer, auth } from '../../../support/agent-fixtures.ts'
import { leased, readRequest, seconds, start } from '../../../support/plan-fixtures.ts'

const write: SecretRequest = { kind: 'write', path: 'p', data: new Map() }
const pki: SecretRequest = { kind: 'pki', path: 'p', data: new Map() }
const terms = { staticIntervalMs: 300_000, renewalThreshold: 0.9, wallLeadMs: 0 }
const inAnHour = seconds(start / 1000 + 3600)
const tenYears = 10 * 365 * 24 * 3600

function hold(request: SecretRequest, given: SecretAnswer, chance: number) {
  return holdSecret({ request, answer: given, isSteady: true }, terms, { now: start, chance })
}

/** What is due, and the seconds until then at the least and the greatest chance. */
describe('when a secret is due', () => {
  test.each<[string, SecretRequest, SecretAnswer, string, number, number]>([
    ['KV v2', readRequest, answer({}), 'read', 255, 285],
    [
      'KV v1 with its 32 days',
      readRequest,
      answer({}, { leaseDuration: 2_764_800 }),
      'read',
      255,
      285,
    ],
    ['a renewable lease', readRequest, leased(1000), 'renew', 600, 750],
    ['a lease for one time', readRequest, leased(1000, false), 'read', 850, 950],
    [
      'a renewable login',
      write,
      answer({}, { auth: auth({ leaseDuration: 1000 }) }),
      'renew',
      600,
      750,
    ],
    [
      'a login for one time',
      write,
      answer({}, { auth: auth({ leaseDuration: 1000, renewable: false }) }),
      'read',
      850,
      950,
    ],
    [
      'a certificate',
      write,
      answer({ certificate: 'c', expiration: inAnHour }),
      'read',
      3060,
      3420,
    ],
    [
      'an issued certificate',
      pki,
      answer({ certificate: 'c', expiration: inAnHour }),
      'read',
      3060,
      3420,
    ],
    ['a write without an end', write, answer({}), 'read', 255, 285],
  ])('%s', (_, request, given, kind, least, most) => {
    expect(hold(request, given, 0).due).toEqual({ kind, at: start + least * 1000 })
    expect(hold(request, given, 1).due).toEqual({ kind, at: start + most * 1000 })
  })
})

/** Source: consul-template's TestVaultRenewDuration; a second that is the spread of static roles is ours. */
describe('as consul-template has it', () => {
  const rotating = (ttl: number, extra = {}) =>
    answer({ rotation_period: seconds(60), ttl: seconds(ttl), ...extra })
  test.each<[string, SecretRequest, SecretAnswer, number, number]>([
    ['a lease of 100 s that is not renewable', readRequest, leased(100, false), 80, 95],
    [
      'a login of 100 s that is not renewable',
      readRequest,
      answer({}, { auth: auth({ leaseDuration: 100, renewable: false }) }),
      80,
      95,
    ],
    [
      'a certificate of 100 s',
      pki,
      answer({ certificate: 'c', expiration: seconds(start / 1000 + 100) }),
      80,
      95,
    ],
    [
      'a certificate whose end is a text',
      pki,
      answer({ certificate: 'c', expiration: String(start / 1000 + 100) }),
      80,
      95,
    ],
    [
      'a certificate with a lease',
      readRequest,
      answer({ certificate: 'c', expiration: inAnHour }, { leaseId: 'l', leaseDuration: 100 }),
      80,
      95,
    ],
    ['a static role that rotates in 30 s', readRequest, rotating(30), 31, 36],
    ['a static role that rotates in 5 s', readRequest, rotating(5), 6, 8.5],
    ['a static role that rotates just now', readRequest, rotating(0), 1, 1],
    [
      'a secret that lives shorter than the interval',
      readRequest,
      answer({}, { leaseDuration: 10 }),
      8.5,
      9.5,
    ],
    [
      'a schedule that rotates in 30 s',
      readRequest,
      answer({ rotation_schedule: '0 0 * * *', ttl: seconds(30) }),
      31,
      36,
    ],
    [
      'a rotation period with a lease',
      readRequest,
      { ...rotating(30), leaseId: 'l', leaseDuration: 100 },
      80,
      95,
    ],
    ['a secret id of 60 s', write, answer({ secret_id: 's', secret_id_ttl: seconds(60) }), 48, 57],
    [
      'a secret id without an end',
      write,
      answer({ secret_id: 's', secret_id_ttl: seconds(0) }),
      240,
      285,
    ],
    [
      'a secret id with a lease',
      write,
      answer({ secret_id: 's', secret_id_ttl: seconds(60) }, { leaseId: 'l', leaseDuration: 100 }),
      80,
      95,
    ],
  ])('%s', (_, request, given, least, most) => {
    for (const chance of [0, 0.3, 0.7, 0.999]) {
      const { kind, at } = hold(request, given, chance).due
      expect(kind).toBe('read')
      expect(at - start).toBeGreaterThanOrEqual(least * 1000)
      expect(at - start).toBeLessThanOrEqual(most * 1000)
    }
  })
})

describe('durations that make no sense', () => {
  test.each([
    [0, 255],
    [-1, 255],
    [Number.NaN, 255],
    [Number.POSITIVE_INFINITY, 255],
  ])(
    '%d s are none: the secret is read again as one without a lease',
    (leaseDuration, expected) => {
      const { due, expiresAt } = hold(readRequest, leased(leaseDuration), 0)
      expect({ due, expiresAt }).toEqual({
        due: { kind: 'read', at: start + expected * 1000 },
        expiresAt: undefined,
      })
    },
  )

  test('a lease of 292 years ends in ten', () => {
    const { due, expiresAt } = hold(readRequest, leased(9_223_372_036), 0)
    expect(expiresAt).toBe(start + tenYears * 1000)
    expect(due).toEqual({ kind: 'renew', at: start + tenYears * 600 })
  })

  test('a certificate that has ended is asked for again at once, not in the past', () => {
    const ended = answer({ certificate: 'c', expiration: seconds(start / 1000 - 10) })
    expect(hold(pki, ended, 0).due.at).toBeGreaterThan(start)
  })
})

describe('I12: how far the wall clock is ahead', () => {
  const jumped = { ...terms, wallLeadMs: 10 * 365 * 86_400_000 }
  test.each([
    ['a lease', leased(1000)],
    ['a secret without one', answer({})],
    ['a static role', answer({ rotation_period: seconds(60), ttl: seconds(30) })],
  ])('is nothing to %s', (_, given) => {
    const moment = { now: start, chance: 0.5 }
    const read = { request: readRequest, answer: given, isSteady: true }
    expect(holdSecret(read, jumped, moment)).toEqual(holdSecret(read, terms, moment))
  })

  test('counts for a certificate, which ends by dates', () => {
    const read = {
      request: pki,
      isSteady: true,
      answer: answer({ certificate: 'c', expiration: inAnHour }),
    }
    const late = { ...terms, wallLeadMs: 1_800_000 }
    const { expiresAt } = holdSecret(read, late, { now: start, chance: 0.5 })
    expect(expiresAt).toBe(start + 1_800_000)
  })
})

test.each([
  [1000, { kind: 'renew', at: start + 600_000 }],
  [900, { kind: 'renew', at: start + 540_000 }],
  [899, { kind: 'read', at: start + 849_000 }],
  [40, { kind: 'read', at: start + 30_000 }],
  [0, { kind: 'read', at: start }],
])('a lease of 1000 s that a renewal leaves %i s is next due so', (granted, due) => {
  const extended = extendLease(hold(readRequest, leased(1000), 0), granted, {
    now: start,
    chance: 0,
  })
  expect(extended.due).toEqual(due)
  expect(extended.expiresAt).toBe(start + granted * 1000)
})

describe('a secret whose token was replaced', () => {
  const moment = { now: start, chance: 0.5 }
  const made = hold(readRequest, leased(1000), 0.5)

  test.each([
    ['before the old token ends', 100_000, 62_500],
    ['at once when the old token has ended', -5000, 0],
    ['when it is to be renewed anyway, then renewed', 10_000_000, 675_000],
  ])('is read again %s', (_, tokenEndMs, dueMs) => {
    expect(orphanLease(made, start + tokenEndMs, moment).due.at).toBe(start + dueMs)
  })

  test('is renewed no later than it has to be replaced', () => {
    const orphan = orphanLease(made, start + 1_000_000, moment)
    expect(orphan.due).toEqual({ kind: 'renew', at: start + 675_000 })
    const renewed = extendLease(orphan, 1000, { now: start + 675_000, chance: 0.5 })
    expect(renewed.due).toEqual({ kind: 'read', at: start + 925_000 })
  })

  test('is near its end when it has to be replaced, whatever its lease says', () => {
    const orphan = orphanLease(made, start + 800_000, moment)
    const at = orphan.replaceAt ?? 0
    expect([isNearEnd(orphan, at - 1), isNearEnd(orphan, at)]).toEqual([false, true])
    expect(retryInTime(orphan, start + 900_000, start)).toBe(at)
  })

  test('keeps the earlier of two ends', () => {
    const first = orphanLease(made, start + 100_000, moment)
    expect(orphanLease(first, start + 500_000, moment).replaceAt).toBe(first.replaceAt)
  })

  test.each([
    ['when it has no lease', answer({}), start + 100_000],
    ['when it only has a duration', answer({}, { leaseDuration: 100 }), start + 100_000],
    ['when the old token never ends', leased(1000), undefined],
  ])('is left alone %s', (_, given, tokenEnd) => {
    const other = hold(readRequest, given, 0.5)
    expect(orphanLease(other, tokenEnd, moment)).toBe(other)
  })
})

/** Seconds of the lease, and before its end: 30 s, a tenth of a long one, half of a short one. */
test.each([
  [1000, 100],
  [100, 30],
  [20, 10],
])('a lease of %i s is near its end %i s before', (leaseS, beforeS) => {
  const made = hold(readRequest, leased(leaseS), 0)
  const at = start + (leaseS - beforeS) * 1000
  expect([isNearEnd(made, at - 1), isNearEnd(made, at)]).toEqual([false, true])
  expect(retryInTime(made, at + 5000, start)).toBe(at)
  expect(retryInTime(made, at - 5000, start)).toBe(at - 5000)
  expect(retryInTime(made, at + 5000, at)).toBe(at + 5000)
})

test('what never ends is never near it', () => {
  const made = hold(readRequest, answer({}), 0)
  expect(isNearEnd(made, start + 1e12)).toBe(false)
  expect(retryInTime(made, start + 1e12, start)).toBe(start + 1e12)
})
