import { describe, expect, test } from '@jest/globals'
import { holdSecret, joinableAt } from '../../../../agent/plan/lease.ts'
import { type AgentState, emptyState, type SecretFailure } from '../../../../agent/plan/state.ts'
import { noteChange, watchedSecrets } from '../../../../agent/plan/stores.ts'
import { nextWake } from '../../../../agent/plan/wake.ts'
import { type SecretRequest, secretRequestKey } from '../../../../core/template/secret-request.ts'
import { failure, held, planConfig, start } from '../../../support/plan-fixtures.ts'
import { whole } from '../../../support/scripted-store.ts'

const second = 1000
const minute = 60 * second
const request: SecretRequest = { kind: 'read', store: 'azure', path: 'db', query: [] }
const wallLeadMs = 3_600_000
const terms = { staticIntervalMs: 5 * minute, renewalThreshold: 0.9, wallLeadMs }

/** When a secret that ends so long after `start` is read again, milliseconds after `start`. */
function dueAfter(leftMs: number | undefined, chance: number): number {
  const expiresAt = leftMs === undefined ? {} : { expiresAt: start + wallLeadMs + leftMs }
  const answer = { ...whole('x'), ...expiresAt }
  const moment = { now: start, chance }
  return holdSecret({ request, answer, isSteady: true }, terms, moment).due.at - start
}

describe('a secret whose store says when it ends', () => {
  test.each([
    ['never', undefined, 255 * second, 285 * second],
    ['long after the next read', 24 * 60 * minute, 255 * second, 285 * second],
    ['before the next read would be', 2 * minute, 102 * second, 114 * second],
    ['in a moment', 3 * second, 4 * second, 5.5 * second],
    ['by now', -minute, 255 * second, 285 * second],
  ])('%s, is read in time', (_, leftMs, least, most) => {
    expect(Math.round(dueAfter(leftMs, 0))).toBe(least)
    expect(Math.round(dueAfter(leftMs, 1))).toBe(most)
  })

  test('is told to end then, on the timeline, and yet joins others', () => {
    const answer = { ...whole('x'), expiresAt: start + wallLeadMs + 60 * minute }
    const moment = { now: start, chance: 0.5 }
    const kept = holdSecret({ request, answer, isSteady: true }, terms, moment)
    expect(kept.expiresAt).toBe(start + 60 * minute)
    expect(joinableAt(kept)).toBeLessThan(kept.due.at)
  })
})

const key = secretRequestKey(request)

function stateWith(changes: Partial<AgentState>): AgentState {
  return {
    ...emptyState,
    secrets: new Map([[key, held({ request, answer: whole('x') })]]),
    ...changes,
  }
}

describe('a change that was seen', () => {
  const change = { store: 'azure', path: 'db' }

  test('makes its secret due, and nothing else', () => {
    const other: SecretRequest = { kind: 'read', store: 'aws', path: 'db', query: [] }
    const otherKey = secretRequestKey(other)
    const before = stateWith({})
    const state = {
      ...before,
      secrets: new Map([...before.secrets, [otherKey, held({ request: other })]]),
    }
    const { secrets } = noteChange(state, change, start + 5)
    expect(secrets.get(key)?.due).toEqual({ kind: 'read', at: start + 5 })
    expect(secrets.get(otherKey)).toEqual(state.secrets.get(otherKey))
  })

  test('ends the waiting for one that was missing, not for one that was refused', () => {
    const failed = (code: 'secret_missing' | 'store_refused') => {
      const failures = new Map([
        [key, { ...failure({ code, retryAt: start + minute }), kind: 'read', ...change } as const],
      ])
      const state = { ...emptyState, failures }
      return noteChange(state, change, start + 5).failures.get(key)?.retryAt
    }
    expect(failed('secret_missing')).toBe(start + 5)
    expect(failed('store_refused')).toBe(start + minute)
  })

  test('is watched for where a secret is read, or would be, from the version that is held', () => {
    const missing: SecretFailure = { ...failure(), kind: 'read', store: 'azure', path: 'new' }
    const ofVault: SecretFailure = { ...failure(), kind: 'read', path: 'kv' }
    const state = stateWith({
      secrets: new Map([[key, held({ request, answer: { ...whole('x'), version: '7' } })]]),
      failures: new Map([
        ['n', missing],
        ['d', { ...missing, path: 'db' }],
        ['v', ofVault],
      ]),
    })
    expect(watchedSecrets(state, 'azure')).toEqual([
      { path: 'db', known: '7' },
      { path: 'new', known: undefined },
    ])
    expect(watchedSecrets(state, 'aws')).toEqual([])
  })
})

describe('the next step', () => {
  const store = { identity: '', memory: new Map() }

  test('comes without a session for what other stores have, and after the rest of a busy one', () => {
    const fair = stateWith({ stores: new Map([['azure', { ...store, failure: undefined }]]) })
    expect(nextWake({ ...planConfig({}), auth: undefined }, fair, start)).toBe(start + minute)
    const rest = failure({ code: 'store_busy', retryAt: start + 3 * minute })
    const busy = stateWith({ stores: new Map([['azure', { ...store, failure: rest }]]) })
    expect(nextWake({ ...planConfig({}), auth: undefined }, busy, start)).toBe(start + 3 * minute)
    const nothingHeld = { ...busy, secrets: new Map() }
    expect(nextWake({ ...planConfig({}), auth: undefined }, nothingHeld, start)).toBe(
      start + 3 * minute,
    )
  })
})
