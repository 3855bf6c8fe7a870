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
      chance: () => 0,
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

  test.each([
    ['of the webhook', { claviger: {} }, undefined],
    ['of Vault Agent', {}, missing],
    ['that says so', { claviger: { exit_on_refresh_failure: true } }, missing],
  ])('once everything has been rendered, with a configuration %s', async (_, own, expected) => {
    const config = agentConfig({
      vault: { address: 'http://v', retry: { num_retries: 1 } },
      template_config: { exit_on_retry_failure: true },
      ...own,
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
    for (let retry = 0; retry < 2; retry++) {
      expect(result.giveUp).toBeUndefined()
      result = await step(config, result.state, result.nextWake)
    }
    expect(result.giveUp).toBe(expected)
    expect(writtenText(result)).toEqual([['/vault/secrets/app', 'user=ada']])
  })

  test('with the store unable to answer, count as one attempt for every three requests', async () => {
    const config = agentConfig({
      vault: { address: 'http://v', retry: { num_retries: 1 } },
      template_config: { exit_on_retry_failure: true },
    })
    const ports = scriptedPorts({
      read: async () => {
        throw new AppError('store_busy', { status: 503 })
      },
    })
    const step = stepOf(config, ports)
    let result = await step(config, emptyState, start)
    while (result.giveUp === undefined) result = await step(config, result.state, result.nextWake)
    expect(ports.calls.filter((call) => call.startsWith('read'))).toHaveLength(6)
  })
})

describe('a template that does not parse', () => {
  const broken = { destination: '/broken', contents: '{{ if }}' }
  const good = { destination: '/good', contents: 'good' }

  test.each([
    ['ends an agent that is to exit', { exit_after_auth: true }, 'template_invalid'],
    [
      'ends an agent that exits on failures',
      { template_config: { exit_on_retry_failure: true } },
      'template_invalid',
    ],
    ['is passed over by any other', {}, undefined],
    [
      'without destination is one',
      { exit_after_auth: true, template: [{ contents: 'x' }, good] },
      'input_invalid',
    ],
  ])('%s, and keeps no other from being written', async (_, changes, code) => {
    const config = agentConfig({ template: [broken, good], ...changes })
    const result = await stepOf(config, scriptedPorts())(config, emptyState, start)
    expect(result.giveUp?.code).toBe(code)
    expect(writtenText(result)).toEqual([['/good', 'good']])
    expect(result.complete).toBe(false)
  })
})
