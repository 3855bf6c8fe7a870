import { describe, expect, test } from '@jest/globals'
import {
  extendSession,
  lifeMsOf,
  openSession,
  openWrappedSession,
  renewalPoint,
  sessionAction,
} from '../../../../agent/plan/session.ts'
import { auth } from '../../../support/agent-fixtures.ts'
import { start } from '../../../support/plan-fixtures.ts'

const opening = { identity: 'app', fingerprint: undefined }
const opened = openSession(opening, auth({ leaseDuration: 1000 }), { now: start, chance: 0.5 })

describe('a token', () => {
  test.each([
    [0, 600_000],
    [0.5, 675_000],
    [1, 750_000],
  ])('of 1000 s is renewed at 60 to 75 %%: chance %d', (chance, expected) => {
    expect(renewalPoint(1_000_000, { now: start, chance })).toBe(start + expected)
  })

  test.each([
    ['ends when it says', 1000, start + 1_000_000],
    ['never ends without a duration', 0, undefined],
    ['never ends with a negative one', -5, undefined],
    ['never ends with none that is a number', Number.NaN, undefined],
    ['is believed for ten years at most', 1e18, start + 10 * 365 * 86_400_000],
  ])('%s', (_, leaseDuration, expected) => {
    const session = openSession(opening, auth({ leaseDuration }), { now: start, chance: 0 })
    expect(session.expiresAt).toBe(expected)
    expect(session.dueAt === undefined).toBe(expected === undefined)
  })

  test('that is wrapped is nothing to renew', () => {
    const session = openWrappedSession(opening, '{}', { now: start, chance: 0 })
    expect(session).toMatchObject({ isWrapped: true, renewable: false, dueAt: undefined })
  })
})

describe('a renewal', () => {
  const later = { now: start + 675_000, chance: 0.5 }

  test('that moves the end is followed by another', () => {
    const extended = extendSession(opened, auth({ leaseDuration: 1000 }), later)
    expect(extended).toMatchObject({ renewable: true, expiresAt: start + 1_675_000 })
  })

  test.each([[325], [300]])('that leaves %i s has met the most: a login is next', (left) => {
    const extended = extendSession(opened, auth({ leaseDuration: left }), later)
    expect(extended.renewable).toBe(false)
    expect(sessionAction(extended, 'app', { now: extended.dueAt ?? 0, joins: false })).toBe('login')
  })
})

describe('what is due for a session', () => {
  const due = opened.dueAt ?? 0
  test.each([
    ['none', undefined, 'app', start, 'login'],
    ['another’s', opened, 'other', start, 'login'],
    ['one that is not due', opened, 'app', due - 1, 'none'],
    ['one that is due', opened, 'app', due, 'renew'],
    ['one that is due and not renewable', { ...opened, renewable: false }, 'app', due, 'login'],
    ['one that has ended', opened, 'app', start + 1_000_000, 'login'],
    [
      'one without an end',
      { ...opened, dueAt: undefined, expiresAt: undefined },
      'app',
      due,
      'none',
    ],
  ] as const)('%s', (_, session, identity, now, expected) => {
    expect(sessionAction(session, identity, { now, joins: false })).toBe(expected)
  })
})

test.each([
  [1, 1000],
  [0, 0],
  [-1, 0],
  [Number.NaN, 0],
  [Number.POSITIVE_INFINITY, 0],
  [1e300, 10 * 365 * 86_400_000],
])('%d s are %d ms of life', (given, expected) => {
  expect(lifeMsOf(given)).toBe(expected)
})
