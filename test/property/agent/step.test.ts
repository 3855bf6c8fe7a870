import { expect, test } from '@jest/globals'
import fc from 'fast-check'
import { type AgentState, emptyState } from '../../../agent/plan/state.ts'
import { formatState, parseState } from '../../../agent/plan/state-text.ts'
import type { StepPorts } from '../../../agent/step/ports.ts'
import type { AppError } from '../../../core/errors.ts'
import {
  agentConfig,
  answer,
  auth,
  deadToken,
  kvAnswer,
  refused,
  scriptedPorts,
  start,
  stepOf,
  unreachable,
} from '../../support/agent-fixtures.ts'

const outcome = fc.constantFrom<'ok' | AppError>('ok', 'ok', 'ok', unreachable, refused, deadToken)
const leased = answer(
  { data: new Map([['user', 'eve']]) },
  { leaseId: 'l', leaseDuration: 60, renewable: true },
)

/** Each call takes the next outcome; when they run out everything goes well. */
function moody(outcomes: readonly ('ok' | AppError)[]): StepPorts {
  const left = [...outcomes]
  const settle = async <T>(value: T): Promise<T> => {
    const next = left.shift() ?? 'ok'
    if (next !== 'ok') throw next
    return value
  }
  return scriptedPorts({
    login: () => settle(auth({ leaseDuration: 120 })),
    renewToken: () => settle(auth({ leaseDuration: 120 })),
    renewLease: () => settle(60),
    read: ({ path }) => settle(path === 'leased' ? leased : kvAnswer('ada')),
  })
}

const contents =
  '{{ with secret "leased" }}{{ .Data.data.user }}{{ end }}{{ with secret "kv" }}{{ .Data.data.user }}{{ end }}'
const config = agentConfig({ template: [{ destination: '/a', contents }] })

test('whatever the store does, each step moves time on, never renders a part, and ends well once the store does', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(outcome, { maxLength: 40 }), async (outcomes) => {
      const step = stepOf(config, moody(outcomes))
      let state: AgentState = emptyState
      let now = start
      for (let count = 0; count < 60; count++) {
        const result = await step(config, state, now)
        expect(result.nextWake).toBeGreaterThan(now)
        for (const { bytes } of result.writes) expect(Buffer.from(bytes).toString()).toBe('eveada')
        // As a container that restarts after every step.
        const kept = parseState(formatState(result.state))
        expect(kept).toBeDefined()
        state = kept ?? emptyState
        now = result.nextWake
      }
      const last = await step(config, state, now)
      expect(last.complete).toBe(true)
      expect(last.writes).toHaveLength(1)
    }),
    { numRuns: 60 },
  )
})
