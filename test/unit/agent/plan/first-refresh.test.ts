import { describe, expect, test } from '@jest/globals'
import { holdSecret } from '../../../../agent/plan/lease.ts'
import type { SecretAnswer, SecretRequest } from '../../../../core/template/secret-request.ts'
import { answer } from '../../../support/agent-fixtures.ts'
import { leased, readRequest, start } from '../../../support/plan-fixtures.ts'

const write: SecretRequest = { kind: 'write', path: 'p', data: new Map() }
const terms = { renewalThreshold: 0.9, wallLeadMs: 0 }

/** After a first read, or one that had failed before: seconds at the least and the greatest chance. */
describe('when a secret is due that many agents may have read just now', () => {
  test.each<[string, SecretRequest, SecretAnswer, number, number, number]>([
    ['KV v2', readRequest, answer({}), 300, 60, 285],
    ['a secret of an hour', readRequest, answer({}, { leaseDuration: 3600 }), 7200, 720, 3420],
    ['every four seconds', readRequest, answer({}), 4, 3.4, 3.8],
    ['a lease for one time', readRequest, leased(1000, false), 300, 850, 950],
    ['a write without an end', write, answer({}), 300, 255, 285],
  ])('%s', (_, request, given, intervalS, least, most) => {
    const own = { ...terms, staticIntervalMs: intervalS * 1000 }
    const dueAt = (chance: number) =>
      holdSecret({ request, answer: given, isSteady: false }, own, { now: start, chance }).due.at
    expect([dueAt(0), dueAt(1)]).toEqual([start + least * 1000, start + most * 1000])
  })
})
