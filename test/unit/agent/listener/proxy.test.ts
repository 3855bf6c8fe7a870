import { once } from 'node:events'
import { Agent, request } from 'node:http'
import { afterEach, describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../core/errors.ts'
import type { Secret } from '../../../../core/secret.ts'
import { version } from '../../../../core/version.ts'
import {
  json,
  metricsForTest,
  openTestListener,
  ownToken,
  type TestListener,
} from '../../../support/agent-listener.ts'

const open: TestListener[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map(({ listeners }) => listeners.close()))
})

async function start(...options: Parameters<typeof openTestListener>): Promise<TestListener> {
  const listener = await openTestListener(...options)
  open.push(listener)
  return listener
}

const found = () => json(200, { data: { k: 'v' } })

describe('a request', () => {
  test('goes on with method, path, query, body and the headers that are meant for the store', async () => {
    const { ask, sent } = await start(found)
    const headers = { 'x-custom': 'kept', te: 'trailers', 'user-agent': 'curl/8' }
    await ask('/v1/kv/data/a%20b?version=2&x=%2F', {
      method: 'PATCH',
      headers: { ...headers, 'accept-encoding': 'gzip', 'x-vault-namespace': 'team-x' },
      body: '{"data":{}}',
    })
    expect(sent).toEqual([
      {
        method: 'PATCH',
        target: '/v1/kv/data/a%20b?version=2&x=%2F',
        headers: {
          'x-custom': 'kept',
          'user-agent': `claviger-agent/${version} (proxying) curl/8`,
          'x-vault-request': 'true',
          'x-vault-token': ownToken,
          'x-vault-namespace': 'team-x',
        },
        body: Buffer.from('{"data":{}}'),
      },
    ])
  })

  test.each([
    ['LIST', '/v1/kv/metadata', '/v1/kv/metadata?list=true'],
    ['LIST', '/v1/kv/metadata?after=a', '/v1/kv/metadata?after=a&list=true'],
    ['GET', '/ui/', '/ui/'],
    ['GET', '//agent/v1/quit', '//agent/v1/quit'],
  ])('%s %s becomes %s', async (method, path, target) => {
    const { ask, sent } = await start(found)
    expect((await ask(path, { method })).status).toBe(200)
    expect(sent).toMatchObject([{ method: 'GET', target }])
  })

  test('LIST comes through on a connection that has served others, and stays text in a body', async () => {
    const { address, sent } = await start(found)
    const [host, port] = address.split(':')
    const agent = new Agent({ keepAlive: true, maxSockets: 1 })
    const over = async (method: string, body: string) => {
      const headers = body === '' ? {} : { expect: '100-continue', 'content-length': body.length }
      const outgoing = request({ host, port, path: '/v1/kv', method, agent, headers })
      if (body === '') outgoing.end()
      else outgoing.on('continue', () => outgoing.end(body))
      const [response] = await once(outgoing, 'response')
      response.resume()
      await once(response, 'end')
      expect(response.statusCode).toBe(200)
    }
    await over('POST', 'LIST /v1/kv HTTP/1.1')
    await over('LIST', '')
    expect(sent.map(({ method, body }) => [method, body?.toString()])).toEqual([
      ['POST', 'LIST /v1/kv HTTP/1.1'],
      ['GET', undefined],
    ])
    agent.destroy()
  })

  test.each(['/v1/a/../sys', '/v1/%2e%2E/sys', '/v1/./a', '/v1/%zz', 'http://evil.test/v1/a'])(
    'for %s is not passed on',
    async (path) => {
      const { ask, sent } = await start(found)
      expect((await ask(path)).status).toBe(400)
      expect(sent).toEqual([])
    },
  )

  test('with a body over 32 MiB is refused and costs the store nothing', async () => {
    const { ask, sent } = await start(found)
    const body = 'x'.repeat(32 * 1024 * 1024 + 1)
    expect((await ask('/v1/kv', { method: 'POST', body })).status).toBe(413)
    expect(sent).toEqual([])
  })
})

describe('the token', () => {
  const callers = 'hvs.caller'
  test.each([
    ['no', {}, undefined],
    ['no', { 'x-vault-token': callers }, callers],
    ['yes', {}, ownToken],
    ['yes', { 'x-vault-token': callers }, callers],
    ['yes', { authorization: `Bearer ${callers}` }, callers],
    ['force', {}, ownToken],
    ['force', { 'x-vault-token': callers }, ownToken],
    ['force', { authorization: `Bearer ${callers}` }, ownToken],
  ] as const)(
    'with use_auto_auth_token %s and the headers %p is %p, in one header',
    async (useAutoAuthToken, headers, token) => {
      const proxy = { useAutoAuthToken, prependConfiguredNamespace: false }
      const { ask, sent } = await start(found, { proxy })
      await ask('/v1/kv', { headers: { ...headers } })
      expect(sent[0]?.headers['x-vault-token']).toBe(token)
      expect(sent[0]?.headers['authorization']).toBeUndefined()
    },
  )

  test('of a caller is never sent where the own one is forced and there is none yet', async () => {
    const proxy = { useAutoAuthToken: 'force', prependConfiguredNamespace: false } as const
    const { ask, sent } = await start(found, { proxy, token: () => undefined })
    await ask('/v1/kv', {
      headers: { 'x-vault-token': callers, authorization: `Bearer ${callers}` },
    })
    expect(JSON.stringify(sent)).not.toContain(callers)
  })

  test.each([
    ['lookup-self', { data: { id: ownToken, accessor: 'acc', ttl: 7 } }, { data: { ttl: 7 } }],
    [
      'renew-self',
      { auth: { client_token: ownToken, accessor: 'acc', lease_duration: 9 } },
      { auth: { lease_duration: 9 } },
    ],
    [
      'lookup',
      { data: { id: 'other', accessor: 'acc' } },
      { data: { id: 'other', accessor: 'acc' } },
    ],
  ])('of the agent is left out of the answer to %s', async (path, answered, shown) => {
    const { ask, sent } = await start(() => json(200, answered))
    const headers = { 'x-vault-wrap-ttl': '60s' }
    const reply = await ask(`/v1/team//auth/token/${path}/`, { method: 'PUT', headers })
    expect(JSON.parse(reply.body)).toEqual(shown)
    expect(sent[0]?.headers['x-vault-wrap-ttl']).toBeUndefined()
  })

  test('of the agent that the store no longer takes is reported once it shows', async () => {
    const refused: string[] = []
    const tokenRefused = (token: Secret) => refused.push(token.reveal())
    const dead = json(403, { errors: ['permission denied', 'invalid token'] })
    const { ask } = await start(() => dead, { tokenRefused })
    await ask('/v1/kv', { headers: { 'x-vault-token': callers } })
    expect(refused).toEqual([])
    expect((await ask('/v1/kv')).status).toBe(403)
    expect(refused).toEqual([ownToken])
  })
})

test.each([
  [undefined, undefined, undefined],
  ['team', undefined, 'team/'],
  ['team/', '/x/', 'team/x'],
])('the namespace %p before the %p of a caller is %p', async (namespace, given, sentAs) => {
  const proxy = { useAutoAuthToken: 'yes', prependConfiguredNamespace: true } as const
  const { ask, sent } = await start(found, { proxy, namespace })
  await ask('/v1/kv', { headers: given === undefined ? {} : { 'x-vault-namespace': given } })
  expect(sent[0]?.headers['x-vault-namespace']).toBe(sentAs)
})

describe('an answer', () => {
  test('comes back with status, body and headers, but those of the other connection', async () => {
    const { ask } = await start(() => ({
      status: 404,
      headers: { 'x-up': '1', connection: 'x-hop, close', 'x-hop': '1', 'set-cookie': ['a', 'b'] },
      body: Buffer.from('{"errors":[]}'),
    }))
    const { status, headers, body } = await ask('/v1/missing')
    expect([status, body]).toEqual([404, '{"errors":[]}'])
    expect(headers).toMatchObject({ 'x-up': '1', 'set-cookie': ['a', 'b'], 'content-length': '13' })
    expect(headers).not.toHaveProperty('x-hop')
  })

  test('that does not come is a 500 without a word on where, and counted', async () => {
    const metrics = metricsForTest()
    const counted: string[] = []
    const { ask, log } = await start(
      () =>
        Promise.reject(new AppError('store_unreachable', { path: '/v1/hvs.caller', cause: 'X' })),
      { metrics: { ...metrics, count: (name) => counted.push(name) } },
    )
    expect(await ask('/v1/hvs.caller')).toMatchObject({ status: 500 })
    expect(counted).toEqual(['proxyError'])
    expect(log.join()).toContain('store_unreachable')
    expect(log.join()).not.toContain('hvs.caller')
  })
})
