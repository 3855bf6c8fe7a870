import { readFileSync } from 'node:fs'
import { describe, expect, test } from '@jest/globals'
import type { AgentStatus, SecretStatus } from '../../../../agent/plan/status.ts'
import { metrics, renderMetricTable } from '../../../../agent/telemetry/metric-table.ts'
import { countEvents, createMetrics } from '../../../../agent/telemetry/metrics.ts'
import { idleStatus } from '../../../support/agent-listener.ts'

const telemetry = {
  prometheusRetentionMs: undefined,
  prefix: 'vault',
  disableHostname: false,
  enableHostnameLabel: false,
}

const start = Date.UTC(2026, 0, 2, 3, 4, 5)

function create(changes: Partial<typeof telemetry> = {}) {
  let now = start
  const agent = createMetrics(
    { ...telemetry, ...changes },
    { now: () => now, memory: () => ({ heapUsed: 100, rss: 200 }), hostname: 'pod-1' },
  )
  return {
    agent,
    advance: (ms: number) => {
      now += ms
    },
  }
}

const secret = (changes: Partial<SecretStatus>): SecretStatus => ({
  path: 'kv/app',
  kind: 'read',
  readAt: start - 2_500,
  nextAt: start + 60_000,
  expiresAt: undefined,
  failure: undefined,
  ...changes,
})

const status: AgentStatus = {
  ready: false,
  session: { expiresAt: start + 3_600_000, dueAt: start + 2_000_000, renewable: true },
  loginFailure: { code: 'login_refused', count: 2, retryAt: start },
  secrets: [
    secret({}),
    secret({
      path: 'a "b"\\\n',
      readAt: undefined,
      failure: { code: 'store_busy', count: 4, retryAt: 0 },
    }),
    secret({ path: '(computed)', expiresAt: start + 5_000 }),
    secret({ path: '(computed)', readAt: start - 9_000, expiresAt: start + 1_000 }),
  ],
  stores: [
    { name: 'aws', type: 'aws', failure: { code: 'store_busy', count: 3, retryAt: 0 } },
    { name: 'db', type: 'db', failure: undefined },
  ],
  files: [
    { destination: '/a', rendered: false, stale: false, commandPending: true },
    { destination: '/b', rendered: true, stale: true, commandPending: true },
  ],
}

/** Samples by `name{label="value"}`, read back as a scraper reads them; each name after its help and type. */
function parse(text: string): ReadonlyMap<string, number> {
  const samples = new Map<string, number>()
  let family = ''
  for (const line of text.split('\n').slice(0, -1)) {
    const [, head] = /^# TYPE ([a-zA-Z_][a-zA-Z0-9_]*) (?:counter|gauge)$/.exec(line) ?? []
    if (head !== undefined) family = head
    if (line.startsWith('#')) continue
    const [, name, labels = '', value] =
      /^([a-zA-Z_][a-zA-Z0-9_]*)(?:\{((?:[a-z]+="(?:[^"\\\n]|\\["\\n])*",?)*)\})? (\S+)$/.exec(
        line,
      ) ?? []
    expect([line, name]).toEqual([line, family])
    const key = `${name}{${labels}}`
    expect(samples.has(key)).toBe(false)
    samples.set(key, Number(value))
  }
  return samples
}

describe('as Prometheus text', () => {
  test('each secret has its age, its times and its errors; what is not shown counts once, as the worst', () => {
    const { agent } = create()
    agent.count('authSuccess')
    const seconds = start / 1000
    expect(Object.fromEntries(parse(agent.prometheus(status)))).toMatchObject({
      'vault_agent_authenticated{}': 1,
      'vault_agent_ready{}': 0,
      'vault_agent_auth_success{}': 1,
      'vault_agent_auth_failure{}': 0,
      'vault_agent_auth_consecutive_errors{code="login_refused"}': 2,
      'vault_agent_token_expiry_timestamp_seconds{}': seconds + 3600,
      'vault_agent_secret_age_seconds{path="kv/app",kind="read"}': 2.5,
      'vault_agent_secret_next_refresh_timestamp_seconds{path="kv/app",kind="read"}': seconds + 60,
      'vault_agent_secret_consecutive_errors{path="a \\"b\\"\\\\\\n",kind="read",code="store_busy"}': 4,
      'vault_agent_secret_age_seconds{path="(computed)",kind="read"}': 9,
      'vault_agent_secret_expiry_timestamp_seconds{path="(computed)",kind="read"}': seconds + 1,
      'vault_agent_files_unrendered{}': 1,
      'vault_agent_files_stale{}': 1,
      'vault_agent_commands_pending{}': 2,
      'vault_runtime_sys_bytes{}': 200,
    })
  })

  test('what has no end has no sample of it', () => {
    const samples = [...parse(create().agent.prometheus(status)).keys()]
    expect(samples.filter((name) => name.includes('secret_expiry'))).toHaveLength(1)
    const idle = [...parse(create().agent.prometheus(idleStatus)).keys()]
    expect(idle.some((name) => name.includes('token_expiry'))).toBe(false)
  })

  test.each([
    [{ prefix: '' }, 'agent_ready{}'],
    [{ prefix: '9my.app-x' }, '_9my_app_x_agent_ready{}'],
    [{ enableHostnameLabel: true }, 'vault_agent_ready{host="pod-1"}'],
  ])('with %p a metric is %s', (changes, name) => {
    expect(parse(create(changes).agent.prometheus(idleStatus)).get(name)).toBe(1)
  })
})

describe('as JSON', () => {
  test('has the shape of Vault Agent', () => {
    const { agent, advance } = create()
    agent.count('proxySuccess')
    agent.count('proxySuccess')
    advance(4_000)
    const shown = JSON.parse(agent.json(idleStatus))
    expect(shown).toMatchObject({
      Timestamp: '2026-01-02 03:04:09 +0000 UTC',
      Points: [],
      Samples: [],
    })
    expect(shown.Gauges).toContainEqual({ Name: 'vault.agent.authenticated', Value: 0, Labels: {} })
    expect(shown.Counters).toEqual([
      {
        Name: 'vault.agent.proxy.success',
        Count: 2,
        Rate: 0.5,
        Sum: 2,
        Min: 1,
        Max: 1,
        Mean: 1,
        Stddev: 0,
        Labels: {},
      },
    ])
  })
})

test('a step counts its logins, those that failed too', () => {
  const counted: string[] = []
  countEvents({ count: (name) => counted.push(name) }, [
    { kind: 'logged_in' },
    { kind: 'failed', what: 'login' },
    { kind: 'failed', what: 'read' },
    { kind: 'secret_read' },
  ])
  expect(counted).toEqual(['authSuccess', 'authFailure'])
})

test('docs/agent-listener.md lists the metrics', () => {
  expect(Object.keys(metrics).length).toBeGreaterThan(10)
  expect(readFileSync('docs/agent-listener.md', 'utf8')).toContain(renderMetricTable())
})
