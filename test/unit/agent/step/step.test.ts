import { describe, expect, test } from '@jest/globals'
import { emptyState } from '../../../../agent/plan/state.ts'
import type { StepResult } from '../../../../agent/step/step.ts'
import { AppError } from '../../../../core/errors.ts'
import {
  agentConfig,
  answer,
  auth,
  deadToken,
  kvAnswer,
  kvTemplate,
  refused,
  scriptedPorts,
  start,
  stepOf,
  unreachable,
  writtenText,
} from '../../../support/agent-fixtures.ts'

const hour = 3_600_000

describe('the first step', () => {
  test('logs in once, reads each secret once, and renders every template', async () => {
    const config = agentConfig({
      template: [
        { destination: '/a', contents: kvTemplate() },
        { destination: '/b', contents: `{{ with secret "secret/data/app" }}again{{ end }}` },
      ],
    })
    const ports = scriptedPorts()
    const result = await stepOf(config, ports)(config, emptyState, start)
    expect(ports.calls).toEqual(['login', 'read secret/data/app'])
    expect(writtenText(result)).toEqual([
      ['/a', 'user=ada'],
      ['/b', 'again'],
    ])
    expect(result.complete).toBe(true)
  })

  test('reads a secret whose path comes from another secret', async () => {
    const contents = `{{ with secret "first" }}{{ with secret .Data.next }}{{ .Data.v }}{{ end }}{{ end }}`
    const config = agentConfig({ template: [{ destination: '/a', contents }] })
    const ports = scriptedPorts({
      read: async ({ path }) => answer(path === 'first' ? { next: 'second' } : { v: 'found' }),
    })
    const result = await stepOf(config, ports)(config, emptyState, start)
    expect(ports.calls).toEqual(['login', 'read first', 'read second'])
    expect(writtenText(result)).toEqual([['/a', 'found']])
  })

  test('writes the token to the sinks', async () => {
    const config = agentConfig({
      auto_auth: {
        method: { type: 'kubernetes', config: { role: 'app' } },
        sink: [{ type: 'file', config: { path: '/token', mode: '0600' } }],
      },
      template: [],
    })
    const result = await stepOf(config, scriptedPorts())(config, emptyState, start)
    expect(writtenText(result)).toEqual([['/token', 'hvs.token']])
    expect(result.writes[0]?.file.mode).toBe(0o600)
  })

  test('writes nothing of a template while one of its secrets fails, and all of the others', async () => {
    const config = agentConfig({
      template: [
        { destination: '/bad', contents: `x{{ with secret "missing" }}{{ end }}` },
        { destination: '/good', contents: kvTemplate() },
      ],
    })
    const ports = scriptedPorts({
      read: async ({ path }) => {
        if (path === 'missing') throw new AppError('secret_missing', { path })
        return kvAnswer('ada')
      },
    })
    const result = await stepOf(config, ports)(config, emptyState, start)
    expect(writtenText(result)).toEqual([['/good', 'user=ada']])
    expect(result.complete).toBe(false)
    expect(result.nextWake).toBeLessThanOrEqual(start + 250)
  })
})

describe('a state handed over', () => {
  test('is enough for the next process: no login, no read, the same bytes', async () => {
    const config = agentConfig()
    const first = await stepOf(config, scriptedPorts())(config, emptyState, start)
    const ports = scriptedPorts()
    const second = await stepOf(config, ports)(config, first.state, start + 1000)
    expect(ports.calls).toEqual([])
    expect(writtenText(second)).toEqual(writtenText(first))
  })

  test('of another role is not inherited', async () => {
    const config = agentConfig()
    const first = await stepOf(config, scriptedPorts())(config, emptyState, start)
    const other = agentConfig({
      auto_auth: { method: { type: 'kubernetes', config: { role: 'other' } } },
    })
    const ports = scriptedPorts({ role: 'other' })
    await stepOf(other, ports)(other, first.state, start + 1000)
    expect(ports.calls).toEqual(['login', 'read secret/data/app'])
  })
})

/** Steps at each next wake until `until`, with the ports of each moment. */
async function live(
  config: ReturnType<typeof agentConfig>,
  ports: ReturnType<typeof scriptedPorts>,
  until: number,
): Promise<StepResult> {
  const step = stepOf(config, ports)
  let result = await step(config, emptyState, start)
  while (result.nextWake <= until) result = await step(config, result.state, result.nextWake)
  return result
}

const unknownLease = new AppError('store_refused', { status: 400 })

describe('over time', () => {
  test('the token is renewed at 60–75 % of its life, static secrets are read every interval', async () => {
    const config = agentConfig({ template_config: { static_secret_render_interval: '30m' } })
    const ports = scriptedPorts()
    await live(config, ports, start + 0.7 * hour)
    expect(ports.calls).toEqual([
      'login',
      'read secret/data/app',
      'read secret/data/app',
      'renew token',
    ])
  })

  test('a token at its maximum life is replaced, and its leases with it', async () => {
    const config = agentConfig()
    const ports = scriptedPorts({
      login: async () => auth({ leaseDuration: 600 }),
      renewToken: async () => auth({ leaseDuration: 195 }),
      read: async () =>
        answer({ data: new Map() }, { leaseId: 'l', leaseDuration: 9000, renewable: true }),
    })
    await live(config, ports, start + 600_000)
    expect(ports.calls).toEqual([
      'login',
      'read secret/data/app',
      'renew token',
      'login',
      'read secret/data/app',
    ])
  })

  test('a renewable lease is renewed, and read anew once a renewal grants less', async () => {
    const config = agentConfig()
    const ports = scriptedPorts({
      login: async () => auth({ leaseDuration: 0 }),
      read: async () => answer({}, { leaseId: 'lease', leaseDuration: 100, renewable: true }),
      renewLease: async () => (ports.calls.length < 4 ? 100 : 40),
    })
    await live(config, ports, start + 170_000)
    expect(ports.calls).toEqual([
      'login',
      'read secret/data/app',
      'renew lease lease',
      'renew lease lease',
      'read secret/data/app',
    ])
  })

  test.each([
    [unknownLease, ['renew lease lease', 'read secret/data/app']],
    [refused, ['renew lease lease', 'check token']],
    [unreachable, ['renew lease lease', 'renew lease lease']],
  ])('a lease renewal that fails with %s', async (error, calls) => {
    const config = agentConfig()
    const ports = scriptedPorts({
      login: async () => auth({ leaseDuration: 0 }),
      read: async () => answer({}, { leaseId: 'lease', leaseDuration: 100, renewable: true }),
      renewLease: async () => {
        throw error
      },
    })
    await live(config, ports, start + 67_800)
    expect(ports.calls.slice(2)).toEqual(calls)
  })

  test.each([
    [87, ['renew lease lease', 'check token']],
    [89, ['renew lease lease', 'check token', 'read secret/data/app']],
  ])(
    'a lease that may not be renewed is replaced shortly before its end, until %i s',
    async (seconds, calls) => {
      const config = agentConfig()
      const ports = scriptedPorts({
        login: async () => auth({ leaseDuration: 0 }),
        read: async () => answer({}, { leaseId: 'lease', leaseDuration: 100, renewable: true }),
        renewLease: async () => {
          throw refused
        },
      })
      await live(config, ports, start + seconds * 1000)
      expect(ports.calls.slice(2)).toEqual(calls)
    },
  )

  test('a token that cannot be renewed in time is replaced while it lives', async () => {
    const config = agentConfig()
    const ports = scriptedPorts({
      login: async () => auth({ leaseDuration: 10 }),
      renewToken: async () => {
        throw unreachable
      },
    })
    await live(config, ports, start + 9999)
    expect(ports.calls.filter((call) => call === 'login')).toHaveLength(2)
  })

  test('a dead token leads to a new login, not sooner than the backoff allows', async () => {
    const config = agentConfig({ template_config: { static_secret_render_interval: '10s' } })
    let dead = false
    const ports = scriptedPorts({
      read: async () => {
        if (dead) throw deadToken
        return kvAnswer('ada')
      },
      login: async () => {
        dead = ports.calls.length > 4
        return auth()
      },
    })
    const step = stepOf(config, ports)
    const first = await step(config, emptyState, start)
    dead = true
    const second = await step(config, first.state, first.nextWake)
    expect(second.state.session).toBeUndefined()
    expect(second.nextWake - first.nextWake).toBeGreaterThanOrEqual(750)
    dead = false
    const third = await step(config, second.state, second.nextWake)
    expect(third.state.session).toBeDefined()
    expect(third.writes).toHaveLength(1)
  })

  test('a failed refresh keeps the old bytes and tries again', async () => {
    const config = agentConfig()
    let reads = 0
    const ports = scriptedPorts({
      read: async () => {
        reads += 1
        if (reads === 2) throw unreachable
        return kvAnswer(`user${reads}`)
      },
    })
    const step = stepOf(config, ports)
    const first = await step(config, emptyState, start)
    const second = await step(config, first.state, first.nextWake)
    expect(writtenText(second)).toEqual(writtenText(first))
    const third = await step(config, second.state, second.nextWake)
    expect(writtenText(third)).toEqual([['/vault/secrets/app', 'user=user3']])
  })
})
