import { afterEach, describe, expect, test } from '@jest/globals'
import type { AgentStatus } from '../../../../agent/plan/status.ts'
import {
  idleStatus,
  json,
  listenerConfig,
  openTestListener,
  type TestListener,
} from '../../../support/agent-listener.ts'

const open: TestListener[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ listeners }) => listeners.close()))
})

async function start(
  config: Partial<typeof listenerConfig> = {},
  changes: Parameters<typeof openTestListener>[1] = {},
): Promise<TestListener> {
  const script = () => json(200, { lease_id: 'l', lease_duration: 9, renewable: true })
  const listener = await openTestListener(script, changes, [{ ...listenerConfig, ...config }])
  open.push(listener)
  return listener
}

describe('quit', () => {
  test.each([
    [false, 'POST', 404],
    [false, 'GET', 404],
    [true, 'GET', 405],
    [true, 'PUT', 405],
  ])('with enable_quit %p and %s is %i and ends nothing', async (enableQuit, method, status) => {
    let ended = false
    const { ask } = await start(
      { enableQuit },
      {
        quit: () => {
          ended = true
        },
      },
    )
    expect((await ask('/agent/v1/quit', { method })).status).toBe(status)
    expect(ended).toBe(false)
  })

  test('answers before it ends the agent', async () => {
    let end: () => void = () => undefined
    const ended = new Promise<void>((resolve) => {
      end = resolve
    })
    const { ask, sent } = await start({ enableQuit: true }, { quit: () => end() })
    expect(await ask('/agent/v1/quit', { method: 'POST' })).toMatchObject({ status: 200, body: '' })
    await ended
    expect(sent).toEqual([])
  })
})

describe('cache-clear', () => {
  const clear = (body: unknown) => ({
    method: 'POST',
    body: typeof body === 'string' ? body : JSON.stringify(body),
  })

  test.each([
    [{ type: 'all' }, 200, 'MISS'],
    [{ type: 'request_path', value: '/v1/db/creds' }, 200, 'MISS'],
    [{ type: 'request_path', value: '/v1/other' }, 200, 'HIT'],
    [{ type: 'request_path', value: '/v1/db/creds', namespace: 'team' }, 200, 'HIT'],
    [{ type: 'lease', value: 'l' }, 200, 'MISS'],
    [{ type: 'lease', value: 'none' }, 200, 'HIT'],
    [{ type: 'token', value: 'hvs.agent' }, 200, 'MISS'],
    [{ type: 'token_accessor', value: 'none' }, 200, 'HIT'],
    [{ type: 'lease' }, 400, 'HIT'],
    [{ type: 'nonsense' }, 400, 'HIT'],
    ['[]', 400, 'HIT'],
    ['', 400, 'HIT'],
  ])('%p is %i and leaves a %s', async (body, status, mark) => {
    const { ask } = await start({}, { caching: true })
    expect((await ask('/v1/db/creds/a')).headers['x-cache']).toBe('MISS')
    expect((await ask('/agent/v1/cache-clear', clear(body))).status).toBe(status)
    const { headers } = await ask('/v1/db/creds/a')
    expect(headers['x-cache']).toBe(mark)
    expect(headers.age).toBe(mark === 'HIT' ? '0' : undefined)
  })

  test('without a cache does nothing, well', async () => {
    const { ask } = await start()
    expect((await ask('/agent/v1/cache-clear', clear({ type: 'all' }))).status).toBe(200)
    expect((await ask('/agent/v1/cache-clear')).status).toBe(405)
    expect((await ask('/v1/kv')).headers['x-cache']).toBe('MISS')
  })
})

describe('metrics', () => {
  test.each([
    ['', 'GET', 200, 'application/json'],
    ['?format=json', 'HEAD', 200, 'application/json'],
    ['?format=prometheus', 'GET', 200, 'text/plain; version=0.0.4; charset=utf-8'],
    ['?format=bogus', 'GET', 400, 'text/plain'],
    ['', 'POST', 405, 'application/json'],
  ])('%s by %s are %i, %s', async (search, method, status, type) => {
    const { ask } = await start()
    const reply = await ask(`/agent/v1/metrics${search}`, { method })
    expect([reply.status, reply.headers['content-type']]).toEqual([status, type])
  })

  test('are all that a listener for them shows, whatever header is wanted', async () => {
    const { ask, sent } = await start({ role: 'metrics_only', requireRequestHeader: true })
    expect((await ask('/agent/v1/metrics')).status).toBe(200)
    for (const path of ['/v1/kv', '/agent/v1/quit', '/healthz', '/']) {
      expect((await ask(path, { method: 'POST' })).status).toBe(404)
    }
    expect(sent).toEqual([])
  })

  test('count what was proxied', async () => {
    const { ask } = await start({}, { caching: true })
    await ask('/v1/db/creds/a')
    await ask('/v1/db/creds/a')
    const { Counters } = JSON.parse((await ask('/agent/v1/metrics')).body)
    const counts = Counters.map(({ Name, Count }: { Name: string; Count: number }) => [Name, Count])
    expect(counts).toEqual([
      ['vault.agent.cache.hit', 1],
      ['vault.agent.cache.miss', 1],
      ['vault.agent.proxy.success', 2],
    ])
  })
})

describe('require_request_header', () => {
  test.each([
    ['/v1/kv', {}, 412],
    ['/v1/kv', { 'x-vault-request': 'false' }, 412],
    ['/v1/kv', { 'x-vault-request': 'true' }, 200],
    ['/agent/v1/metrics', {}, 200],
    ['/healthz', {}, 200],
    ['/readyz', {}, 200],
  ])('%s with %p is %i', async (path, headers, status) => {
    const { ask } = await start({ requireRequestHeader: true })
    expect((await ask(path, { headers: { ...headers } })).status).toBe(status)
  })
})

test.each([
  [{ origin: 'https://evil.test' }, 403],
  [{ origin: 'null' }, 403],
  [{ 'sec-fetch-site': 'cross-site' }, 403],
  [{ 'sec-fetch-site': 'same-origin', host: 'agent.test', origin: 'http://agent.test' }, 200],
  [{ 'sec-fetch-site': 'none' }, 200],
])('a request of a web page with %p is %i', async (headers, status) => {
  const { ask } = await start()
  expect((await ask('/v1/kv', { headers: { ...headers } })).status).toBe(status)
})

describe('health', () => {
  const failure = { code: 'store_busy', count: 3, retryAt: 9 } as const
  const secret = {
    path: 'kv/app',
    kind: 'read',
    readAt: 1,
    nextAt: 2,
    expiresAt: undefined,
    failure,
  } as const
  const file = { destination: '/s/app', rendered: false, stale: true, commandPending: true }
  const session = { expiresAt: 9, dueAt: 5, renewable: true }
  const troubled: AgentStatus = {
    ready: false,
    session,
    loginFailure: failure,
    secrets: [secret],
    stores: [{ name: 'aws', type: 'aws', failure }],
    files: [file],
  }

  test.each([
    [{ ...idleStatus, session }, 200, 'ready', []],
    [{ ...idleStatus, ready: false }, 503, 'not ready', ['login: pending']],
    [
      troubled,
      503,
      'not ready',
      [
        'login: store_busy',
        'store aws: store_busy',
        'secret kv/app: store_busy',
        'file /s/app: not rendered',
        'file /s/app: stale',
        'file /s/app: command pending',
      ],
    ],
  ])('%p is %i', async (status, code, word, reasons) => {
    const { ask } = await start({}, { status: () => status })
    const reply = await ask('/readyz')
    expect([reply.status, JSON.parse(reply.body)]).toEqual([code, { status: word, reasons }])
    expect((await ask('/readyz', { method: 'HEAD' })).status).toBe(code)
    expect((await ask('/healthz')).status).toBe(200)
    expect((await ask('/healthz', { method: 'POST' })).status).toBe(405)
  })

  test('lists secrets and files when asked to', async () => {
    const { ask } = await start({}, { status: () => troubled })
    const { secrets, files } = JSON.parse((await ask('/readyz?verbose')).body)
    expect(secrets).toEqual([{ path: 'kv/app', kind: 'read', readAt: 1, nextAt: 2, failure }])
    expect(files).toEqual([file])
  })
})
