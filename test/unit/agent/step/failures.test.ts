import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import { AppError } from '../../../../core/errors.ts'
import {
  agentConfig,
  kvAnswer,
  refused,
  scriptedPorts,
  start,
  stepOf,
  unreachable,
  writtenText,
} from '../../../support/agent-fixtures.ts'

describe('failed logins', () => {
  test('back off from one second, doubling to five minutes, and honour Retry-After', async () => {
    const config = agentConfig()
    const ports = scriptedPorts({
      login: async () => {
        throw unreachable
      },
      chance: () => 0,
    })
    const step = stepOf(config, ports)
    const pauses: number[] = []
    let now = start
    let result = await step(config, emptyState, now)
    for (let attempt = 0; attempt < 11; attempt++) {
      pauses.push((result.nextWake - now) / 1000)
      now = result.nextWake
      result = await step(config, result.state, now)
    }
    expect(pauses).toEqual([1, 2, 4, 8, 16, 32, 64, 128, 256, 300, 300])
    const busy = new AppError('store_busy', { status: 429, retryAfterMs: 7000 })
    const limited = scriptedPorts({
      login: async () => {
        throw busy
      },
    })
    const answered = await stepOf(config, limited)(config, emptyState, start)
    expect(answered.nextWake).toBe(start + 7000)
  })

  test('end the agent at once only where exit_on_err asks for it', async () => {
    const method = { type: 'kubernetes', exit_on_err: true, config: { role: 'app' } }
    const ports = scriptedPorts({
      login: async () => {
        throw refused
      },
    })
    const strict = agentConfig({ auto_auth: { method } })
    expect((await stepOf(strict, ports)(strict, emptyState, start)).giveUp).toBe(refused)
    const patient = agentConfig()
    expect((await stepOf(patient, ports)(patient, emptyState, start)).giveUp).toBeUndefined()
  })
})

describe('reads that keep failing', () => {
  const missing = new AppError('secret_missing', { path: 'secret/data/app' })

  test.each([
    [true, 3, missing],
    [false, 3, undefined],
  ])('before the first render, exit_on_retry_failure %p', async (exit, retries, expected) => {
    const config = agentConfig({
      vault: { address: 'http://v', retry: { num_retries: retries } },
      template_config: { exit_on_retry_failure: exit },
    })
    const ports = scriptedPorts({
      read: async () => {
        throw missing
      },
    })
    const step = stepOf(config, ports)
    let result = await step(config, emptyState, start)
    for (let retry = 0; retry < retries; retry++) {
      expect(result.giveUp).toBeUndefined()
      result = await step(config, result.state, result.nextWake)
    }
    expect(result.giveUp).toBe(expected)
    expect(ports.calls.filter((call) => call.startsWith('read'))).toHaveLength(retries + 1)
  })

  test('never end the agent once everything has been rendered', async () => {
    const config = agentConfig({
      vault: { address: 'http://v', retry: { num_retries: 1 } },
      template_config: { exit_on_retry_failure: true },
    })
    let gone = false
    const ports = scriptedPorts({
      read: async () => {
        if (gone) throw missing
        return kvAnswer('ada')
      },
    })
    const step = stepOf(config, ports)
    let result = await step(config, emptyState, start)
    gone = true
    for (let retry = 0; retry < 20; retry++) {
      result = await step(config, result.state, result.nextWake)
      expect(result.giveUp).toBeUndefined()
    }
    expect(writtenText(result)).toEqual([['/vault/secrets/app', 'user=ada']])
  })
})
