import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import { AppError } from '../../../../core/errors.ts'
import {
  agentConfig,
  kvAnswer,
  kvTemplate,
  refused,
  scriptedPorts,
  start,
  stepOf,
  writtenText,
} from '../../../support/agent-fixtures.ts'
import { scriptedStore, whole } from '../../../support/scripted-store.ts'

const missing = new AppError('secret_missing', { path: 'secret/data/maybe' })
const optional = {
  destination: '/maybe',
  contents: kvTemplate('secret/data/maybe'),
  optional: true,
}

/** Ports on which `secret/data/maybe` fails with `error` as long as it is given. */
function portsWith(trouble: { error: AppError | undefined }) {
  return scriptedPorts({
    read: async ({ path }) => {
      if (path.endsWith('maybe') && trouble.error !== undefined) throw trouble.error
      return kvAnswer('ada')
    },
  })
}

describe('an optional template', () => {
  test('whose secret does not exist is not written and keeps nothing waiting', async () => {
    const config = agentConfig({
      template: [optional, { destination: '/a', contents: kvTemplate() }],
    })
    const result = await stepOf(config, portsWith({ error: missing }))(config, emptyState, start)
    expect(writtenText(result)).toEqual([['/a', 'user=ada']])
    expect(result).toMatchObject({ complete: true, giveUp: undefined, unmet: [] })
    expect(result.events).toContainEqual({
      kind: 'secret_absent',
      path: 'secret/data/maybe',
      attempts: 1,
      retryInMs: expect.any(Number),
    })
  })

  test('is written when its secret appears', async () => {
    const config = agentConfig({ template: [optional] })
    const trouble: { error: AppError | undefined } = { error: missing }
    const step = stepOf(config, portsWith(trouble))
    let result = await step(config, emptyState, start)
    for (let attempt = 0; attempt < 20; attempt++) {
      result = await step(config, result.state, result.nextWake)
      expect(result).toMatchObject({ writes: [], complete: true })
    }
    trouble.error = undefined
    const asked = result.nextWake
    result = await step(config, result.state, asked)
    expect(writtenText(result)).toEqual([['/maybe', 'user=ada']])
  })

  test('is waited for while the store refuses or cannot answer', async () => {
    const config = agentConfig({ template: [optional] })
    const result = await stepOf(config, portsWith({ error: refused }))(config, emptyState, start)
    expect(result.complete).toBe(false)
    expect(result.unmet).toEqual(['secret/data/maybe: store_refused'])
  })

  test('keeps its file when its secret is deleted later', async () => {
    const config = agentConfig({ template: [optional] })
    const trouble: { error: AppError | undefined } = { error: undefined }
    const step = stepOf(config, portsWith(trouble))
    const first = await step(config, emptyState, start)
    trouble.error = missing
    const second = await step(config, first.state, first.nextWake)
    expect(writtenText(second)).toEqual([['/maybe', 'user=ada']])
    expect(second.complete).toBe(true)
  })

  test('never ends the agent, however often its secret was missing', async () => {
    const config = agentConfig({
      vault: { address: 'http://v', retry: { num_retries: 2 } },
      template_config: { exit_on_retry_failure: true },
      template: [optional, { destination: '/a', contents: kvTemplate('secret/data/other') }],
    })
    let refusals = 0
    const ports = scriptedPorts({
      read: async ({ path }) => {
        if (path.endsWith('maybe')) throw missing
        // Fails for the first time only once the other has failed often.
        if (ports.calls.filter((call) => call.endsWith('other')).length > 1) refusals++
        throw refused
      },
    })
    const step = stepOf(config, ports)
    let result = await step(config, emptyState, start)
    while (result.giveUp === undefined) result = await step(config, result.state, result.nextWake)
    expect(result.giveUp).toBe(refused)
    expect(refusals).toBe(2)
  })

  test('does not excuse a template that needs the same secret', async () => {
    const config = agentConfig({
      template: [optional, { ...optional, destination: '/must', optional: false }],
    })
    const result = await stepOf(config, portsWith({ error: missing }))(config, emptyState, start)
    expect(result.complete).toBe(false)
    expect(result.events).toContainEqual(expect.objectContaining({ kind: 'failed', what: 'read' }))
    expect(result.unmet).toEqual(['secret/data/maybe: secret_missing'])
  })
})

test('a format writes the inner data of a KV version 2 secret', async () => {
  const config = agentConfig({
    template: [{ destination: '/env', format: 'env', secret: 'secret/data/app' }],
  })
  const ports = scriptedPorts()
  const result = await stepOf(config, ports)(config, emptyState, start)
  expect(ports.calls).toEqual(['login', 'read secret/data/app'])
  expect(writtenText(result)).toEqual([['/env', "export user='ada'\n"]])
})

describe('what is unmet', () => {
  test('is the login and every secret that waits for it', async () => {
    const ports = scriptedPorts({
      login: async () => {
        throw new AppError('login_refused', { status: 403 })
      },
    })
    const config = agentConfig()
    const step = stepOf(config, ports)
    const first = await step(config, emptyState, start)
    const second = await step(config, first.state, first.nextWake)
    expect(second.unmet).toEqual([
      'login at auth/kubernetes/login as role app: login_refused, 2 times',
      'secret/data/app: not answered yet',
    ])
  })

  test('names a file whose template fails, and no path that was computed', async () => {
    const config = agentConfig({
      template: [
        { destination: '/fails', contents: '{{ index 1 2 }}' },
        {
          destination: '/computed',
          contents: '{{ with secret "first" }}{{ with secret .Data.data.user }}{{ end }}{{ end }}',
        },
      ],
    })
    const ports = scriptedPorts({
      read: async ({ path }) => {
        if (path === 'first') return kvAnswer('hidden/path')
        throw refused
      },
    })
    const result = await stepOf(config, ports)(config, emptyState, start)
    expect(result.unmet).toEqual([
      '/fails: template_failed',
      '(computed by a template): store_refused',
    ])
  })

  test('shows nowhere what a template computed of another secret', async () => {
    const aws = scriptedStore({
      read: async ({ path }) => {
        if (path === 'first') return whole('hidden')
        const facts = { store: 'aws', path, at: `secret/data/${path}` }
        return new AppError('secret_missing', facts)
      },
    })
    const contents = '{{ secret (printf "aws:%s" (secret "aws:first#value")) }}'
    const config = agentConfig({
      claviger: { stores: { aws: {} } },
      template: [{ destination: '/db', contents }],
    })
    const ports = scriptedPorts({ stores: new Map([['aws', aws]]) })
    const { events, unmet } = await stepOf(config, ports)(config, emptyState, start)
    expect(unmet).toEqual(['(computed by a template): secret_missing'])
    expect(JSON.stringify(events)).not.toContain('hidden')
    expect(aws.calls).toContain('read hidden')
  })
})
