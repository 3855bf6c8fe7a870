import { describe, expect, test } from '@jest/globals'
import { openSession } from '../../../../agent/plan/session.ts'
import { type AgentState, emptyState } from '../../../../agent/plan/state.ts'
import { commandWake, nextWake } from '../../../../agent/plan/wake.ts'
import { secretRequestKey } from '../../../../core/template/secret-request.ts'
import { auth } from '../../../support/agent-fixtures.ts'
import { failure, held, planConfig, readRequest, start } from '../../../support/plan-fixtures.ts'

const opening = { identity: 'app', fingerprint: undefined }
/** Due at 675 s. */
const session = openSession(opening, auth({ leaseDuration: 1000 }), { now: start, chance: 0.5 })
const endless = { ...session, dueAt: undefined, expiresAt: undefined }
const key = secretRequestKey(readRequest)
const secretFailure = { ...failure({ retryAt: start + 40_000 }), kind: 'read', path: 'p' } as const
const command = { kind: 'due', hash: 'h', failure: undefined } as const

/** Seconds from the start. */
describe('the next step is due', () => {
  test.each<[string, Partial<AgentState>, number]>([
    ['soon without a session', {}, 0.1],
    ['when the login is tried again', { loginFailure: failure({ retryAt: start + 5000 }) }, 5],
    ['when the token is renewed', { session }, 675],
    [
      'when its renewal is tried again',
      { session, loginFailure: failure({ retryAt: start + 700_000 }) },
      700,
    ],
    ['when a secret is', { session, secrets: new Map([[key, held()]]) }, 60],
    [
      'when a secret that failed is tried again, not when it was due',
      {
        session,
        secrets: new Map([[key, held({ due: { kind: 'read', at: start } })]]),
        failures: new Map([[key, secretFailure]]),
      },
      40,
    ],
    [
      'when a missing secret is tried again',
      { session, failures: new Map([[key, secretFailure]]) },
      40,
    ],
    [
      'when the login is, where there is no session to read with',
      {
        loginFailure: failure({ retryAt: start + 90_000 }),
        failures: new Map([[key, secretFailure]]),
      },
      90,
    ],
    [
      'when a change has been held back long enough',
      { session, changes: new Map([['/a', { hash: 'h', firstAt: start, lastAt: start }]]) },
      2,
    ],
    ['when a sink is tried again', { session, sinkFailures: new Map([['/s', failure()]]) }, 1],
    [
      'when a command is',
      { session, commands: new Map([['/a', { ...command, failure: failure() }]]) },
      1,
    ],
    [
      'never, where nothing ends',
      { session: endless, commands: new Map([['/a', command]]) },
      Number.POSITIVE_INFINITY,
    ],
    [
      'no sooner than in 100 ms',
      { session, secrets: new Map([[key, held({ due: { kind: 'read', at: start } })]]) },
      0.1,
    ],
  ])('%s', (_, changes, expected) => {
    const config = planConfig({ wait: { minMs: 2000, maxMs: 5000 } })
    expect((nextWake(config, { ...emptyState, ...changes }, start) - start) / 1000).toBe(expected)
  })

  test('never where there is no way to log in', () => {
    const config = { ...planConfig(), auth: undefined }
    expect(nextWake(config, emptyState, start)).toBe(Number.POSITIVE_INFINITY)
  })
})

test.each([
  [[start + 1000, start + 500], start + 500],
  [[start, start - 500], Number.POSITIVE_INFINITY],
  [[start - 500, start + 800], start + 800],
  [[], Number.POSITIVE_INFINITY],
])(
  'of commands to be tried again at %j the first that is not under way wakes',
  (moments, expected) => {
    const commands = moments.map(
      (retryAt, index) => [`/${index}`, { ...command, failure: failure({ retryAt }) }] as const,
    )
    expect(commandWake({ ...emptyState, commands: new Map(commands) }, start)).toBe(expected)
  },
)
