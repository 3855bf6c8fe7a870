import { describe, expect, test } from '@jest/globals'
import { extendLease, holdSecret, orphanLease } from '../../../../agent/plan/lease.ts'
import { JsonNumber } from '../../../../core/json.ts'
import type { SecretRequest } from '../../../../core/template/secret-request.ts'
import { answer, start } from '../../../support/agent-fixtures.ts'

const read: SecretRequest = { kind: 'read', path: 'p', query: [] }
const write: SecretRequest = { kind: 'write', path: 'p', data: new Map() }
const terms = { staticIntervalMs: 300_000, renewalThreshold: 0.9 }
const seconds = (text: string) => new JsonNumber(text)
const inAnHour = seconds(String(start / 1000 + 3600))

/** What is due, and the seconds until then at the least and the greatest chance. */
describe('when a secret is due', () => {
  test.each([
    ['KV v2', read, answer({}), 'read', 255, 285],
    ['KV v1 with its 32 days', read, answer({}, { leaseDuration: 2_764_800 }), 'read', 255, 285],
    [
      'a renewable lease',
      read,
      answer({}, { leaseId: 'l', leaseDuration: 1000, renewable: true }),
      'renew',
      600,
      750,
    ],
    [
      'a lease for one time',
      read,
      answer({}, { leaseId: 'l', leaseDuration: 1000 }),
      'read',
      850,
      950,
    ],
    [
      'a static role',
      read,
      answer({ rotation_period: seconds('9'), ttl: seconds('60') }),
      'read',
      61,
      66,
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
      'an AppRole secret id',
      write,
      answer({ secret_id: 's', secret_id_ttl: seconds('100') }),
      'read',
      85,
      95,
    ],
    ['a write without an end', write, answer({}), 'read', 255, 285],
  ] as const)('%s', (_, request, given, kind, least, most) => {
    for (const [chance, expected] of [
      [0, least],
      [1, most],
    ] as const) {
      const held = holdSecret({ request, answer: given }, terms, { now: start, chance })
      expect(held.due).toEqual({ kind, at: start + expected * 1000 })
    }
  })
})

test.each([
  [1000, 'renew'],
  [999, 'renew'],
  [400, 'read'],
])('a lease of 1000 s that a renewal leaves %i s is next due to %s', (granted, kind) => {
  const leased = answer({}, { leaseId: 'l', leaseDuration: 1000, renewable: true })
  const moment = { now: start, chance: 0 }
  const held = holdSecret({ request: read, answer: leased }, terms, moment)
  expect(extendLease(held, granted, moment).due).toEqual({ kind, at: start + granted * 600 })
})

describe('a secret whose token was replaced', () => {
  const moment = { now: start, chance: 0.5 }
  const leased = answer({}, { leaseId: 'l', leaseDuration: 1000, renewable: true })

  test('is read again before the old token ends', () => {
    const held = holdSecret({ request: read, answer: leased }, terms, moment)
    const { due } = orphanLease(held, start + 100_000, moment)
    expect(due).toEqual({ kind: 'read', at: start + 70_000 })
  })

  test('is read at once when the old token has ended', () => {
    const held = holdSecret({ request: read, answer: leased }, terms, moment)
    expect(orphanLease(held, start - 5000, moment).due).toEqual({ kind: 'read', at: start })
  })

  test('is left alone when it has no lease', () => {
    const held = holdSecret({ request: read, answer: answer({}) }, terms, moment)
    expect(orphanLease(held, start + 100_000, moment)).toBe(held)
  })
})
