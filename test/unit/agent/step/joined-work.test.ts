import { describe, expect, test } from '@jest/globals'
import { openSession } from '../../../../agent/plan/session.ts'
import { type AgentState, emptyState, type HeldSecret } from '../../../../agent/plan/state.ts'
import { type SecretRequest, secretRequestKey } from '../../../../core/template/secret-request.ts'
import {
  agentConfig,
  answer,
  auth,
  kvAnswer,
  kvTemplate,
  scriptedPorts,
  start,
  stepOf,
  unreachable,
} from '../../../support/agent-fixtures.ts'
import { leased, seconds } from '../../../support/plan-fixtures.ts'
import { Chance } from '../../../support/simulation/chance.ts'

const config = agentConfig({
  template: ['first', 'second'].map((path) => ({
    destination: `/${path}`,
    contents: kvTemplate(path),
  })),
})
const requestOf = (path: string): SecretRequest => ({ kind: 'read', path, query: [] })
const rotating = answer({ rotation_period: seconds(300), ttl: seconds(300) })

/** Read 270 s before it is due, which is `inS` seconds after `start`. */
function held(path: string, inS: number, changes: Partial<HeldSecret> = {}): HeldSecret {
  const at = start + inS * 1000
  return {
    request: requestOf(path),
    answer: kvAnswer('ada'),
    readAt: at - 270_000,
    expiresAt: undefined,
    due: { kind: 'read', at },
    replaceAt: undefined,
    ...changes,
  }
}

function stateWith(...secrets: readonly HeldSecret[]): AgentState {
  const opening = { identity: 'http://127.0.0.1:8200  auth/kubernetes app', fingerprint: undefined }
  const session = openSession(opening, auth(), { now: start - 60_000, chance: 0 })
  return {
    ...emptyState,
    session,
    secrets: new Map(secrets.map((secret) => [secretRequestKey(secret.request), secret])),
  }
}

const expiresAt = start + 60_000

describe('along with a secret that is due', () => {
  test.each<[string, HeldSecret, readonly string[]]>([
    ['another that is due 13 s later is read', held('second', 13), ['read second']],
    [
      'another that is due 14 s later is not: that is more than a twentieth',
      held('second', 14),
      [],
    ],
    [
      'one that is read every hour is not read more than 30 s early',
      held('second', 31, { readAt: start - 3_600_000 }),
      [],
    ],
    [
      'a lease that is due 5 s later is renewed',
      held('second', 5, {
        answer: leased(400),
        expiresAt,
        due: { kind: 'renew', at: start + 5000 },
      }),
      ['renew lease l'],
    ],
    [
      'a lease that is replaced 5 s later is not replaced yet',
      held('second', 5, { answer: leased(300, false), expiresAt }),
      [],
    ],
    ['a static role is not read before it rotates', held('second', 5, { answer: rotating }), []],
  ])('%s', async (_, second, joined) => {
    const ports = scriptedPorts()
    await stepOf(config, ports)(config, stateWith(held('first', 0), second), start)
    expect(ports.calls).toEqual(['read first', ...joined])
  })

  test.each([
    [29_000, ['renew token', 'read first']],
    [31_000, ['read first']],
  ])('a token that is due %d ms later', async (inMs, calls) => {
    const state = stateWith(held('first', 0), held('second', 200))
    const { session } = state
    if (session === undefined) throw new Error('no session')
    const ports = scriptedPorts()
    const due = { ...state, session: { ...session, dueAt: start + inMs } }
    await stepOf(config, ports)(config, due, start)
    expect(ports.calls).toEqual(calls)
  })
})

test('a step that comes for nothing that is due asks for nothing early', async () => {
  const ports = scriptedPorts()
  await stepOf(config, ports)(config, stateWith(held('first', 5), held('second', 5)), start)
  expect(ports.calls).toEqual([])
})

test('what came early and failed waits for its own moment', async () => {
  const ports = scriptedPorts({
    read: async ({ path }) => {
      if (path === 'second') throw unreachable
      return kvAnswer('ada')
    },
  })
  const step = stepOf(config, ports)
  const first = await step(config, stateWith(held('first', 0), held('second', 10)), start)
  expect(first.nextWake).toBe(start + 10_000)
  ports.calls.splice(0)
  await step(config, first.state, start + 5000)
  expect(ports.calls).toEqual([])
  await step(config, first.state, start + 10_000)
  expect(ports.calls).toEqual(['read second'])
})

test('an agent with twenty secrets wakes hardly more often than one with a single one', async () => {
  const [one, twenty] = await Promise.all([countSteps(1), countSteps(20)])
  expect(one).toBeGreaterThan(11)
  expect(twenty).toBeLessThanOrEqual(one + 2)
})

/** Steps in the hour after the first. */
async function countSteps(secrets: number): Promise<number> {
  const many = agentConfig({
    template: Array.from({ length: secrets }, (_, index) => ({
      destination: `/${index}`,
      contents: kvTemplate(`secret/data/${index}`),
    })),
  })
  const step = stepOf(many, scriptedPorts({ chance: new Chance(1).next }))
  let { state, nextWake } = await step(many, emptyState, start)
  let steps = 0
  while (nextWake < start + 3_600_000) {
    steps++
    const result = await step(many, state, nextWake)
    state = result.state
    nextWake = result.nextWake
  }
  return steps
}
