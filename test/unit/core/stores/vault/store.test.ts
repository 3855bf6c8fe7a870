import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../../core/errors.ts'
import { type JsonObject, type JsonValue, parseJson } from '../../../../../core/json.ts'
import { Secret } from '../../../../../core/secret.ts'
import { createVaultStore } from '../../../../../core/stores/vault/vault.ts'
import type { SecretRequest } from '../../../../../core/template/secret-request.ts'
import type { VaultClient } from '../../../../../core/vault/client.ts'

function asObject(json: string): JsonObject {
  const value: JsonValue = parseJson(json)
  return value instanceof Map ? value : new Map()
}

/** A Vault with `kv/` of version 2; `answers` by method and path, a number being a refusal's status. */
function vaultWith(answers: Readonly<Record<string, string | number>>) {
  const calls: string[] = []
  const respond = (call: string): JsonObject => {
    calls.push(call)
    const isQuestion =
      call.startsWith('GET sys/internal/ui/mounts/kv/') || call === 'GET sys/internal/ui/mounts/kv'
    const mount = '{"data":{"path":"kv/","type":"kv","options":{"version":"2"}}}'
    const answer = answers[call] ?? (isQuestion ? mount : 404)
    if (typeof answer === 'string') return asObject(answer)
    throw new AppError(answer === 404 ? 'secret_missing' : 'store_refused', { status: answer })
  }
  const client: VaultClient = {
    read: async (path, { query = [] }) =>
      respond(`${query.some(([name]) => name === 'list') ? 'LIST' : 'GET'} ${path}`),
    write: async (path, data) =>
      respond(
        `PUT ${path} ${[...data.keys()].join()}${data.get('data') instanceof Map ? ' wrapped' : ''}`,
      ),
  }
  const store = createVaultStore(client, () => 0)
  const ask = (request: SecretRequest) => store.read(request, new Secret('token'))
  return { calls, ask }
}

describe('lists', () => {
  const keys = '{"data":{"keys":["b","a/"]}}'

  test('as written, which is right for all but KV version 2', async () => {
    const { ask, calls } = vaultWith({ 'LIST v1/dir': keys })
    expect((await ask({ kind: 'list', path: 'v1/dir' })).data?.get('keys')).toEqual(['b', 'a/'])
    expect(calls).toEqual(['LIST v1/dir'])
  })

  test.each([
    ['kv', 'LIST kv/metadata'],
    ['kv/dir', 'LIST kv/metadata/dir'],
    ['kv/data/dir', 'LIST kv/metadata/data/dir'],
  ])('%s, where that is refused, under metadata', async (path, listed) => {
    const { ask, calls } = vaultWith({ [listed]: keys })
    expect((await ask({ kind: 'list', path })).data?.size).toBe(1)
    expect(calls.at(-1)).toBe(listed)
  })

  test('of nothing are empty, and a refusal is an error', async () => {
    const { ask } = vaultWith({ 'LIST denied': 403 })
    expect((await ask({ kind: 'list', path: 'kv/none' })).data).toBeNull()
    expect((await ask({ kind: 'list', path: 'kv/metadata/none' })).data).toBeNull()
    await expect(ask({ kind: 'list', path: 'denied' })).rejects.toMatchObject({
      code: 'store_refused',
    })
  })
})

describe('writes', () => {
  const data = new Map([['k', 'v']])

  test('as written where that is taken', async () => {
    const { ask, calls } = vaultWith({ 'PUT database/creds k': '{"data":{"u":"x"}}' })
    expect((await ask({ kind: 'write', path: 'database/creds', data })).data?.get('u')).toBe('x')
    expect(calls).toEqual(['PUT database/creds k'])
  })

  test.each([
    ['kv/app', 404],
    ['kv/data/app', 400],
  ])('%s wrapped under data, where KV version 2 refuses it with %d', async (path, status) => {
    const { ask, calls } = vaultWith({
      [`PUT ${path} k`]: status,
      'PUT kv/data/app data wrapped': '{"data":{"version":1}}',
    })
    await ask({ kind: 'write', path, data })
    expect(calls.at(-1)).toBe('PUT kv/data/app data wrapped')
  })

  test('a certificate is asked for once, whatever the answer', async () => {
    const { ask, calls } = vaultWith({ 'PUT pki/issue/app k': 400 })
    await expect(ask({ kind: 'pki', path: 'pki/issue/app', data })).rejects.toMatchObject({
      code: 'store_refused',
    })
    expect(calls).toEqual(['PUT pki/issue/app k'])
  })
})
