import { setImmediate } from 'node:timers/promises'
import { expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import { patienceMs } from '../../../../agent/step/slow-work.ts'
import type { AppError } from '../../../../core/errors.ts'
import type { SecretAnswer } from '../../../../core/template/secret-request.ts'
import {
  agentConfig,
  answer,
  auth,
  kvAnswer,
  kvTemplate,
  type PortScript,
  refused,
  scriptedPorts,
  start,
  stepOf,
  writtenText,
} from '../../../support/agent-fixtures.ts'

const slowTemplate = `{{ with secret "slow" }}{{ .Data.v }}{{ end }}`
const config = agentConfig({
  template: [
    { destination: '/fast', contents: kvTemplate() },
    { destination: '/slow', contents: slowTemplate },
  ],
})

/** What comes without waiting comes in time; the slow secret comes when the test says so. */
function startSlowly(script: PortScript = {}) {
  const waits: number[] = []
  let resolve: (value: SecretAnswer) => void = () => undefined
  let reject: (error: AppError) => void = () => undefined
  const slow = new Promise<SecretAnswer>((onAnswer, onError) => {
    resolve = onAnswer
    reject = onError
  })
  const ports = scriptedPorts({
    read: ({ path }) => (path === 'slow' ? slow : Promise.resolve(kvAnswer('ada'))),
    sleep: async (ms) => {
      waits.push(ms)
      await setImmediate()
    },
    ...script,
  })
  return { resolve, reject, ports, step: stepOf(config, ports), waits }
}

test('files of other secrets are written while a secret is not answered, and it is asked for once', async () => {
  const { step, ports, resolve, waits } = startSlowly()
  const first = await step(config, emptyState, start)
  expect(writtenText(first)).toEqual([['/fast', 'user=ada']])
  expect(first.complete).toBe(false)
  expect(first.unmet).toEqual(['slow: not answered yet'])
  expect(first.nextWake).toBe(start)
  expect(waits[0]).toBe(patienceMs)
  const second = await step(config, first.state, start + 2000)
  expect(second.complete).toBe(false)
  resolve(answer({ v: 'late' }))
  const third = await step(config, second.state, start + 4000)
  expect(writtenText(third)).toContainEqual(['/slow', 'late'])
  expect(third.complete).toBe(true)
  expect(ports.calls).toEqual(['login', 'read secret/data/app', 'read slow'])
})

test('a failure that comes late is one failure, and is tried again in its time', async () => {
  const { step, reject } = startSlowly()
  const first = await step(config, emptyState, start)
  reject(refused)
  const second = await step(config, first.state, start + 2000)
  const failures = second.events.filter(({ kind }) => kind === 'failed')
  expect(failures).toEqual([expect.objectContaining({ what: 'read', attempts: 1 })])
  expect(second.nextWake).toBeGreaterThan(start + 2000)
})

test('under another token it is asked for again', async () => {
  const logins = [auth({ leaseDuration: 10, renewable: false }), auth({ clientToken: 'hvs.next' })]
  const login = async () => logins.shift() ?? auth()
  const { step, ports } = startSlowly({ login })
  const first = await step(config, emptyState, start)
  await step(config, first.state, start + 20_000)
  const reads = ports.calls.filter((call) => call === 'read slow')
  expect(reads).toHaveLength(2)
})
