/** Answers, held secrets, failures and configurations for tests of the agent's plans. */
import type { AgentConfig } from '../../agent/config/agent-config.ts'
import type { Failure, HeldSecret } from '../../agent/plan/state.ts'
import { JsonNumber } from '../../core/json.ts'
import type { SecretAnswer, SecretRequest } from '../../core/template/secret-request.ts'
import { answer } from './agent-fixtures.ts'
import { type FilePlan, planDay } from './simulation/day-plan.ts'
import { configOf } from './simulation/simulated-config.ts'

export const start = Date.UTC(2026, 0, 1)

export const seconds = (text: number | string) => new JsonNumber(String(text))

export function leased(leaseDuration: number, renewable = true): SecretAnswer {
  return answer({}, { leaseId: 'l', leaseDuration, renewable })
}

export const readRequest: SecretRequest = { kind: 'read', path: 'p', query: [] }

/** Read at `start`, due a minute later. */
export function held(changes: Partial<HeldSecret> = {}): HeldSecret {
  return {
    request: readRequest,
    answer: answer({}),
    readAt: start,
    expiresAt: undefined,
    due: { kind: 'read', at: start + 60_000 },
    replaceAt: undefined,
    ...changes,
  }
}

/** A configuration with a file for each of `files`, `/a` unless it says otherwise. */
export function planConfig(...files: readonly Partial<FilePlan>[]): AgentConfig {
  return configOf(
    planDay(1),
    files.map((file) => ({
      destination: '/a',
      mode: undefined,
      parts: ['kv'],
      isOptional: false,
      command: undefined,
      wait: undefined,
      staleness: undefined,
      ...file,
    })),
  )
}

export function failure(changes: Partial<Failure> = {}): Failure {
  return {
    count: 1,
    temporary: 0,
    absences: 0,
    retryAt: start + 1000,
    code: 'store_refused',
    ...changes,
  }
}
