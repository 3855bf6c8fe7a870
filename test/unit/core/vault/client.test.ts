import { afterEach, describe, expect, test } from '@jest/globals'
import { stringifyJson } from '../../../../core/json.ts'
import { Secret } from '../../../../core/secret.ts'
import { createVaultStore } from '../../../../core/stores/vault/vault.ts'
import { createVaultClient, type VaultClient } from '../../../../core/vault/client.ts'
import { createTransport } from '../../../../core/vault/transport.ts'
import {
  type Script,
  type ScriptedVault,
  startScriptedVault,
} from '../../../support/scripted-vault.ts'

const open: ScriptedVault[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((vault) => vault.close()))
})

async function connect(
  script: Script,
  namespace?: string,
): Promise<{ vault: ScriptedVault; client: VaultClient }> {
  const vault = await startScriptedVault(script)
  open.push(vault)
  const transport = createTransport({ tls: {}, skipVerify: false, timeoutMs: 60_000 })
  const options = namespace === undefined ? {} : { namespace }
  return { vault, client: createVaultClient({ address: vault.address, transport, ...options }) }
}

const token = new Secret('hvs.t')
const now = Date.UTC(2026, 0, 1)

describe('a request', () => {
  test('states token, namespace and an encoded path, whatever the environment holds', async () => {
    const { vault, client } = await connect(() => ({ status: 200, body: { data: {} } }), 'team')
    await client.read('secret/data/a b/ü?', { token, query: [['version', '2&3']] })
    await client.write('auth/kubernetes/login', new Map([['role', 'app']]), {})
    expect(vault.requests).toMatchObject([
      {
        method: 'GET',
        path: 'secret/data/a%20b/%C3%BC%3F?version=2%263',
        token: 'hvs.t',
        namespace: 'team',
        body: '',
      },
      {
        method: 'PUT',
        path: 'auth/kubernetes/login',
        token: undefined,
        namespace: 'team',
        body: '{"role":"app"}',
      },
    ])
  })

  test('keeps number texts', async () => {
    const { client } = await connect(() => ({ status: 200, body: '{"n":12345678901234567890.10}' }))
    expect(stringifyJson(await client.read('p', { token }))).toBe('{"n":12345678901234567890.10}')
  })

  test('is empty after a 204', async () => {
    const { client } = await connect(() => ({ status: 204, body: '' }))
    expect(await client.write('p', new Map(), { token })).toEqual(new Map())
  })
})

describe('a failing answer', () => {
  test.each([
    [400, {}, 'store_refused'],
    [403, { errors: ['permission denied'] }, 'store_refused'],
    [
      403,
      { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] },
      'token_invalid',
    ],
    [404, {}, 'secret_missing'],
    [404, '', 'secret_missing'],
    [404, '<html>default backend - 404</html>', 'store_answer_invalid'],
    [405, {}, 'store_refused'],
    [412, {}, 'store_busy'],
    [418, {}, 'store_answer_invalid'],
    [429, {}, 'store_busy'],
    [500, {}, 'store_busy'],
    [503, {}, 'store_busy'],
    [200, '<html>', 'store_answer_invalid'],
    [200, '[]', 'store_answer_invalid'],
  ])('%i with %p is %s', async (status, body, code) => {
    const { client, vault } = await connect(() => ({ status, body }))
    const failure = client.read('secret/data/app', { token })
    await expect(failure).rejects.toMatchObject({
      code,
      facts: { address: vault.address, path: 'secret/data/app' },
    })
  })

  test('tells how long to wait', async () => {
    const { client } = await connect(() => ({ status: 429, headers: { 'retry-after': '7' } }))
    await expect(client.read('p', { token })).rejects.toMatchObject({
      facts: { retryAfterMs: 7000 },
    })
  })

  test('that is cut off, or none at all, is store_unreachable', async () => {
    const { client, vault } = await connect(() => 'cut')
    await expect(client.read('p', { token })).rejects.toMatchObject({ code: 'store_unreachable' })
    await vault.close()
    await expect(client.read('p', { token })).rejects.toMatchObject({
      code: 'store_unreachable',
      facts: { cause: 'ECONNREFUSED' },
    })
  })
})

describe('a redirect', () => {
  test('of a standby is followed once, method and body kept', async () => {
    const active = await startScriptedVault(() => ({ status: 200, body: { data: {} } }))
    open.push(active)
    const location = `${active.address}/v1/p`
    const { client } = await connect(() => ({ status: 307, headers: { location } }))
    await client.write('p', new Map([['a', 'b']]), { token })
    expect(active.requests).toMatchObject([
      { method: 'PUT', path: 'p', body: '{"a":"b"}', token: 'hvs.t' },
    ])
  })

  test('that leads to another is an unexpected answer', async () => {
    const { client } = await connect(() => ({ status: 307, headers: { location: '/v1/again' } }))
    await expect(client.read('p', { token })).rejects.toMatchObject({
      code: 'store_answer_invalid',
    })
  })
})

describe('the store', () => {
  const read = { kind: 'read', path: 'team/kv/app', query: [] } as const
  const unversioned = 'Invalid path for a versioned K/V secrets engine. See the API docs'

  const mount = { status: 200, body: { data: { path: 'team/kv/', options: { version: '2' } } } }

  test('a 403 on a path that has its data/ is not read twice', async () => {
    const { client, vault } = await connect(({ path }) =>
      path.startsWith('sys/') ? mount : { status: 403 },
    )
    const denied = { ...read, path: 'team/kv/data/app' }
    await expect(createVaultStore(client, () => now).read(denied, token)).rejects.toMatchObject({
      code: 'store_refused',
      facts: { path: 'team/kv/data/app' },
    })
    expect(vault.requests).toHaveLength(2)
  })

  test.each([
    [404, { warnings: [unversioned], errors: [] }],
    [403, { errors: ['permission denied'] }],
  ])(
    'asks for the mount only after a %i of KV v2, and completes the path',
    async (status, body) => {
      const { client, vault } = await connect(({ path }) => {
        if (path === 'team/kv/app') return { status, body }
        if (path.startsWith('sys/')) return mount
        return { status: 200, body: { data: { data: { a: 'b' } } } }
      })
      const answer = await createVaultStore(client, () => now).read(read, token)
      expect(vault.requests.map(({ path }) => path)).toEqual([
        'team/kv/app',
        'sys/internal/ui/mounts/team/kv/app',
        'team/kv/data/app',
      ])
      expect(answer.data?.get('data')).toEqual(new Map([['a', 'b']]))
    },
  )

  test('reports a missing secret with the path that was read', async () => {
    const { client } = await connect(({ path }) =>
      path.startsWith('sys/') ? mount : { status: 404 },
    )
    await expect(createVaultStore(client, () => now).read(read, token)).rejects.toMatchObject({
      code: 'secret_missing',
      facts: { path: 'team/kv/data/app' },
    })
  })

  test('does not fail otherwise when the mount cannot be found out', async () => {
    const { client } = await connect(({ path }) => ({
      status: path.startsWith('sys/') ? 403 : 404,
    }))
    await expect(createVaultStore(client, () => now).read(read, token)).rejects.toMatchObject({
      code: 'secret_missing',
      facts: { path: 'team/kv/app', status: 404 },
    })
  })

  test.each([
    ['deleted', '2025-12-31T23:59:59.123456789Z', true],
    ['to be deleted later', '2026-01-01T00:00:01Z', false],
    ['destroyed', '', false],
  ])('a version that is %s', async (_, time, missing) => {
    const metadata = { deletion_time: time, version: 1 }
    const { client } = await connect(() => ({
      status: 404,
      body: { data: { data: null, metadata } },
    }))
    const answer = createVaultStore(client, () => now).read(read, token)
    if (missing) await expect(answer).rejects.toMatchObject({ code: 'secret_missing' })
    else expect((await answer).data?.get('data')).toBeNull()
  })

  test('an answer without data is an answer', async () => {
    const { client } = await connect(() => ({ status: 200, body: { request_id: 'r', data: null } }))
    expect((await createVaultStore(client, () => now).read(read, token)).data).toBeNull()
  })

  test('an answer without an envelope is data as a whole', async () => {
    const { client } = await connect(() => ({ status: 200, body: { initialized: true } }))
    const { data } = await createVaultStore(client, () => now).read(read, token)
    expect(data).toEqual(new Map([['initialized', true]]))
  })

  test('an answer of nothing is a missing secret', async () => {
    const { client } = await connect(() => ({ status: 204 }))
    await expect(createVaultStore(client, () => now).read(read, token)).rejects.toMatchObject({
      code: 'secret_missing',
    })
  })
})
