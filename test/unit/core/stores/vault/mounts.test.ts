import { describe, expect, test } from '@jest/globals'
import { AppError } from '../../../../../core/errors.ts'
import { type JsonObject, parseJson } from '../../../../../core/json.ts'
import { Secret } from '../../../../../core/secret.ts'
import type { MountMemory } from '../../../../../core/stores/vault/mounts.ts'
import { createVaultStore } from '../../../../../core/stores/vault/vault.ts'
import type { SecretRequest } from '../../../../../core/template/secret-request.ts'
import type { VaultClient } from '../../../../../core/vault/client.ts'
import { refusal } from '../../../../../core/vault/refusal.ts'

const token = new Secret('t')
const start = 1_000_000

/** Stands for a 404 that names KV version 2. */
const unversioned = -404

/** A Vault with one mount, `kv/`, of the version that `server.version` says; `server.question` replaces the answer about it. */
function serve(memory: MountMemory = new Map()) {
  const server = { version: 2, now: start, question: undefined as number | undefined }
  const calls: string[] = []
  const secrets = new Set(['kv/app', 'kv/b', 'kv/config', 'kv/destroy/app'])
  const askMounts = () => {
    const options = server.version === 2 ? '{"version":"2"}' : 'null'
    return server.question ?? `{"data":{"path":"kv/","options":${options}}}`
  }
  const askVersioned = (method: string, path: string): string | number => {
    if (path === 'kv/config') return '{"data":{"cas_required":false,"max_versions":0}}'
    if (/^kv\/(destroy|delete)\//.test(path)) return method === 'GET' ? 405 : '{}'
    if (!path.startsWith('kv/data/')) return unversioned
    return secrets.has(path.replace('data/', '')) ? '{"data":{"data":{"v":"2"}}}' : 404
  }
  const answerTo = (method: string, path: string): string | number => {
    if (path.startsWith('sys/internal/ui/mounts/')) return askMounts()
    if (server.version === 2) return askVersioned(method, path)
    return secrets.has(path) ? '{"data":{"v":"1"}}' : 404
  }
  const call = async (method: string, path: string): Promise<JsonObject> => {
    calls.push(`${method} ${path}`)
    const answer = answerTo(method, path)
    if (typeof answer !== 'string') {
      const warning = '{"warnings":["Invalid path for a versioned K/V secrets engine"]}'
      const text = answer === unversioned ? warning : ''
      throw refusal(
        { status: answer === unversioned ? 404 : answer, text, retryAfterMs: undefined },
        { path },
      )
    }
    const parsed = parseJson(answer)
    return parsed instanceof Map ? parsed : new Map()
  }
  const client: VaultClient = {
    read: (path) => call('GET', path),
    write: (path) => call('PUT', path),
  }
  const store = createVaultStore(client, () => server.now, memory)
  const ask = (request: SecretRequest) => store.read(request, token)
  const read = (path: string) => ask({ kind: 'read', path, query: [] })
  const during = async (work: () => Promise<unknown>) => {
    const before = calls.length
    await work().catch((thrown: unknown) => {
      if (!(thrown instanceof AppError)) throw thrown
    })
    return calls.slice(before)
  }
  return { server, calls, ask, read, during, memory }
}

const question = (path: string) => `GET sys/internal/ui/mounts/${path}`
const version = async (answer: ReturnType<ReturnType<typeof serve>['read']>) =>
  JSON.stringify((await answer).data, (_, value) =>
    value instanceof Map ? Object.fromEntries(value) : value,
  )

describe('what was learnt of a mount', () => {
  test('saves the next short path both other requests, in another store too', async () => {
    const { read, during, memory } = serve()
    expect(await during(() => read('kv/app'))).toEqual([
      'GET kv/app',
      question('kv/app'),
      'GET kv/data/app',
    ])
    expect(await during(() => read('kv/b'))).toEqual(['GET kv/data/b'])
    const later = serve(new Map(memory))
    expect(await later.during(() => later.read('kv/app'))).toEqual(['GET kv/data/app'])
  })

  test('saves a secret that is missing the question, until the answer is old', async () => {
    const { read, during, server } = serve()
    await during(() => read('kv/none'))
    expect(await during(() => read('kv/none'))).toEqual(['GET kv/data/none'])
    expect(await during(() => read('kv/data/none'))).toEqual(['GET kv/data/none'])
    server.now += 5 * 60_000
    expect(await during(() => read('kv/none'))).toEqual(['GET kv/data/none', question('kv/none')])
  })

  test('of version 1 saves a secret that is missing the question', async () => {
    const { read, during, server } = serve()
    server.version = 1
    expect(await during(() => read('kv/none'))).toEqual(['GET kv/none', question('kv/none')])
    expect(await during(() => read('kv/none'))).toEqual(['GET kv/none'])
  })

  test('is unlearnt at once when an answer says that the mount is versioned now', async () => {
    const { read, during, server } = serve()
    server.version = 1
    await during(() => read('kv/none'))
    server.version = 2
    expect(await version(read('kv/app'))).toBe('{"data":{"v":"2"}}')
  })

  test('is asked for anew when it is old and does not fit a mount without versions', async () => {
    const { read, server } = serve()
    await read('kv/app')
    server.version = 1
    await expect(read('kv/app')).rejects.toMatchObject({ code: 'secret_missing' })
    server.now += 5 * 60_000
    expect(await version(read('kv/app'))).toBe('{"v":"1"}')
  })

  test('is asked for once by those who ask together', async () => {
    const { read, calls } = serve()
    await Promise.all(['kv/app', 'kv/b', 'kv/app'].map(read))
    expect(calls.filter((call) => call.includes('ui/mounts'))).toHaveLength(1)
  })
})

describe('a question that is not answered', () => {
  test.each([
    [500, 'store_busy'],
    [503, 'store_busy'],
    [429, 'store_busy'],
  ])('for the moment (%i) fails the read, and is asked again', async (status, code) => {
    const { read, server, memory } = serve()
    server.question = status
    await expect(read('kv/app')).rejects.toMatchObject({ code })
    expect(memory.size).toBe(0)
    server.question = undefined
    expect(await version(read('kv/app'))).toBe('{"data":{"v":"2"}}')
  })

  test.each([403, 404])(
    'at all (%i) leaves the path as written, and nothing is learnt',
    async (status) => {
      const { read, server, memory } = serve()
      server.question = status
      await expect(read('kv/app')).rejects.toMatchObject({
        code: 'secret_missing',
        facts: { path: 'kv/app' },
      })
      expect(memory.size).toBe(0)
    },
  )
})

describe('a secret named like an operation of the mount', () => {
  test.each([
    ['kv/config', ['GET kv/config', question('kv/config'), 'GET kv/data/config']],
    [
      'kv/destroy/app',
      ['GET kv/destroy/app', question('kv/destroy/app'), 'GET kv/data/destroy/app'],
    ],
  ])('%s is read where the secret is', async (path, requests) => {
    const { read, during } = serve()
    expect(await during(() => read(path))).toEqual(requests)
  })

  test.each(['kv/config', 'kv/destroy/app'])('%s is never written as written', async (path) => {
    const { ask, during } = serve()
    const write = () => ask({ kind: 'write', path, data: new Map([['versions', '1']]) })
    expect(await during(write)).toEqual([question(path), `PUT kv/data/${path.slice(3)}`])
  })
})
