/** The contract's part about KV mounts. */
import { describe, expect, test } from '@jest/globals'
import { type Call, member, mountKv, textAt } from './vault-contract-client.ts'

const envelopeKeys = [
  ...['auth', 'data', 'lease_duration', 'lease_id', 'mount_type', 'renewable', 'request_id'],
  ...['warnings', 'wrap_info'],
]

export function describeKv(call: Call): void {
  describe('KV version 2', () => {
    test('answers a write with the metadata of the version', async () => {
      const mount = await mountKv(call, 2)
      const written = await call('PUT', `${mount}/data/app/db`, { body: { data: { user: 'a' } } })
      expect(written.status).toBe(200)
      expect(member(written.body, 'data')).toEqual({
        created_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        custom_metadata: null,
        deletion_time: '',
        destroyed: false,
        version: 1,
      })
    })

    test('reads the newest version in the whole envelope', async () => {
      const mount = await mountKv(call, 2)
      await call('POST', `${mount}/data/app/db`, { body: { data: { user: 'a' } } })
      await call('POST', `${mount}/data/app/db`, { body: { data: { user: 'b', z: 1, c: null } } })
      const read = await call('GET', `${mount}/data/app/db`)
      expect(read.status).toBe(200)
      expect(Object.keys(read.body ?? {}).sort()).toEqual(envelopeKeys)
      expect(read.body).toMatchObject({
        ...{ auth: null, lease_duration: 0, lease_id: '', mount_type: 'kv', renewable: false },
        ...{ warnings: null, wrap_info: null },
        data: { data: { user: 'b', z: 1, c: null }, metadata: { version: 2 } },
      })
    })

    test('keeps older versions and knows no newer ones', async () => {
      const mount = await mountKv(call, 2)
      for (const user of ['a', 'b']) {
        await call('POST', `${mount}/data/db`, { body: { data: { user } } })
      }
      const first = await call('GET', `${mount}/data/db?version=1`)
      expect(member(first.body, 'data', 'data')).toEqual({ user: 'a' })
      expect(await call('GET', `${mount}/data/db?version=3`)).toMatchObject(nothing)
    })

    test('keeps ten versions', async () => {
      const mount = await mountKv(call, 2)
      for (let n = 1; n <= 11; n++) await call('POST', `${mount}/data/n`, { body: { data: { n } } })
      expect(await call('GET', `${mount}/data/n?version=1`)).toMatchObject(nothing)
      expect((await call('GET', `${mount}/data/n?version=2`)).status).toBe(200)
      const { body } = await call('GET', `${mount}/metadata/n`)
      expect(member(body, 'data')).toMatchObject({ current_version: 11, oldest_version: 2 })
    })

    test('reads numbers back as 64-bit floats', async () => {
      const mount = await mountKv(call, 2)
      const body = '{"data":{"big":12345678901234567890,"price":1.50,"tiny":0.0000001}}'
      await call('POST', `${mount}/data/n`, { body })
      const { text } = await call('GET', `${mount}/data/n`)
      expect(text).toContain('{"big":12345678901234567000,"price":1.5,"tiny":1e-7}')
    })

    test('knows nothing at a path that was never written', async () => {
      const mount = await mountKv(call, 2)
      for (const path of ['data/none', 'metadata/none', 'metadata/none?list=true']) {
        expect(await call('GET', `${mount}/${path}`)).toMatchObject(nothing)
      }
    })

    test.each([
      ['a wrong version', 7],
      ['a secret that exists', 0],
    ])('refuses check-and-set for %s', async (_, cas) => {
      const mount = await mountKv(call, 2)
      await call('POST', `${mount}/data/db`, { body: { data: {}, options: { cas: 0 } } })
      const second = { data: {}, options: { cas } }
      expect(await call('POST', `${mount}/data/db`, { body: second })).toMatchObject({
        status: 400,
        body: { errors: ['check-and-set parameter did not match the current version'] },
      })
      const right = { data: {}, options: { cas: 1 } }
      expect((await call('POST', `${mount}/data/db`, { body: right })).status).toBe(200)
    })

    test('answers a deleted version with 404 and its metadata', async () => {
      const mount = await mountKv(call, 2)
      await call('POST', `${mount}/data/db`, { body: { data: { user: 'a' } } })
      expect((await call('DELETE', `${mount}/data/db`)).status).toBe(204)
      const read = await call('GET', `${mount}/data/db`)
      expect(read).toMatchObject({
        status: 404,
        body: { data: { data: null, metadata: { version: 1, destroyed: false } } },
      })
      expect(textAt(read.body, 'data', 'metadata', 'deletion_time')).toMatch(/^\d{4}-.*Z$/)
    })

    test('gives deleted versions back, but not destroyed ones', async () => {
      const mount = await mountKv(call, 2)
      for (const user of ['a', 'b', 'c']) {
        await call('POST', `${mount}/data/db`, { body: { data: { user } } })
      }
      const change = async (verb: string, versions: readonly unknown[]) =>
        (await call('POST', `${mount}/${verb}/db`, { body: { versions } })).status
      expect(await change('delete', [1, '2'])).toBe(204)
      expect(await change('destroy', [2, 9])).toBe(204)
      expect(await change('undelete', [1, 2])).toBe(204)
      const read = async (version: number) => call('GET', `${mount}/data/db?version=${version}`)
      expect(await read(1)).toMatchObject({ status: 200, body: { data: { data: { user: 'a' } } } })
      expect(await read(2)).toMatchObject({
        status: 404,
        body: { data: { data: null, metadata: { version: 2, destroyed: true } } },
      })
      expect((await read(3)).status).toBe(200)
    })

    test.each(['delete', 'undelete', 'destroy'])('%s without versions is refused', async (verb) => {
      const mount = await mountKv(call, 2)
      expect((await call('POST', `${mount}/${verb}/db`, { body: {} })).status).toBe(400)
      expect((await call('GET', `${mount}/${verb}/db`)).status).toBe(405)
      const absent = { body: { versions: [1] } }
      expect((await call('POST', `${mount}/${verb}/none`, absent)).status).toBe(204)
    })

    test('lists names below a folder, folders with a slash, deleted secrets too', async () => {
      const mount = await mountKv(call, 2)
      for (const path of ['app/db', 'app/db/nested', 'app/cache', 'other']) {
        await call('POST', `${mount}/data/${path}`, { body: { data: {} } })
      }
      await call('DELETE', `${mount}/data/app/cache`)
      const keys = async (path: string) =>
        member((await call('GET', `${mount}/${path}?list=true`)).body, 'data', 'keys')
      expect(await keys('metadata/app')).toEqual(['cache', 'db', 'db/'])
      expect(await keys('metadata/app/')).toEqual(['cache', 'db', 'db/'])
      expect(await keys('metadata')).toEqual(['app/', 'other', 'probe'])
    })

    test.each([
      ['GET', 'app/db', 'get'],
      ['POST', 'app/db', 'put'],
      ['GET', 'app?list=true', 'list'],
    ])('%s %s without data/ is told what the mount is', async (method, path, subcommand) => {
      const mount = await mountKv(call, 2)
      const body = method === 'POST' ? { body: { data: {} } } : {}
      expect(await call(method, `${mount}/${path}`, body)).toMatchObject({
        status: 404,
        body: {
          data: null,
          warnings: [
            `Invalid path for a versioned K/V secrets engine. See the API docs for the appropriate API endpoints to use. If using the Vault CLI, use 'vault kv ${subcommand}' for this operation.`,
          ],
        },
      })
    })

    test.each([
      ['no data', { value: 1 }],
      ['data that is no map', { data: 'text' }],
      ['a body that is no object', '[1]'],
    ])('refuses %s', async (_, body) => {
      const mount = await mountKv(call, 2)
      expect((await call('POST', `${mount}/data/db`, { body })).status).toBe(400)
    })
  })

  describe('KV version 1', () => {
    test('reads what was written, number texts kept, until the longest lease is over', async () => {
      const mount = await mountKv(call, 1)
      const written = await call('PUT', `${mount}/app/db`, { body: '{"user":"a","price":1.50}' })
      expect(written.status).toBe(204)
      const read = await call('GET', `${mount}/app/db`)
      expect(read.body).toMatchObject({ data: { user: 'a' }, lease_duration: 2_764_800 })
      expect(read.text).toContain('{"price":1.50,"user":"a"}')
      expect((await call('GET', `${mount}/?list=true`)).body).toMatchObject({
        data: { keys: ['app/'] },
      })
    })

    test.each([
      ['5m', 300],
      [90, 90],
    ])('says with a ttl of %p how long the secret may be kept', async (ttl, seconds) => {
      const mount = await mountKv(call, 1)
      await call('PUT', `${mount}/db`, { body: { ttl } })
      expect(member((await call('GET', `${mount}/db`)).body, 'lease_duration')).toBe(seconds)
    })

    test('deletes, and refuses a write of nothing', async () => {
      const mount = await mountKv(call, 1)
      await call('PUT', `${mount}/db`, { body: { user: 'a' } })
      expect((await call('DELETE', `${mount}/db`)).status).toBe(204)
      expect(await call('GET', `${mount}/db`)).toMatchObject(nothing)
      expect((await call('PUT', `${mount}/db`, { body: {} })).status).toBe(400)
    })
  })
}

const nothing = { status: 404, body: { errors: [] } }
