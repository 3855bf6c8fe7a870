/** The contract's part about tokens, policies and leases. */
import { describe, expect, test } from '@jest/globals'
import { type Call, freshName, member, mountKv, textAt, tokenFor } from './vault-contract-client.ts'

const denied = { status: 403, body: { errors: ['1 error occurred:\n\t* permission denied\n\n'] } }
const invalid = {
  status: 403,
  body: { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] },
}

export function describeTokens(call: Call): void {
  const create = async (fields: object) => {
    const created = await call('POST', 'auth/token/create', { body: { ttl: '5m', ...fields } })
    return {
      token: textAt(created.body, 'auth', 'client_token'),
      auth: member(created.body, 'auth'),
    }
  }

  describe('tokens', () => {
    test.each([
      ['no token', null, { status: 403, body: { errors: ['permission denied'] } }],
      ['an unknown token', 'hvs.unknown', invalid],
    ])('%s is refused everywhere', async (_, token, expected) => {
      for (const path of ['secret/data/x', 'nowhere/x', 'auth/token/lookup-self']) {
        expect(await call('GET', path, { token })).toMatchObject(expected)
      }
    })

    test('the root token never ends and cannot be renewed', async () => {
      const { body } = await call('GET', 'auth/token/lookup-self')
      expect(member(body, 'data')).toMatchObject({ policies: ['root'], ttl: 0, expire_time: null })
      const renewal = await call('PUT', 'auth/token/renew-self', { body: {} })
      // A root token from `sys/init` has no lease at all, one of a development server has one.
      expect([['lease is not renewable'], ['invalid lease ID']]).toContainEqual(
        member(renewal.body, 'errors'),
      )
      expect(renewal.status).toBe(400)
    })

    test('a token looks itself up', async () => {
      const { token } = await create({ policies: ['b', 'a'] })
      const { body } = await call('GET', 'auth/token/lookup-self', { token })
      expect(member(body, 'data')).toMatchObject({
        ...{ id: token, policies: ['a', 'b', 'default'], creation_ttl: 300, renewable: true },
        ...{ path: 'auth/token/create', type: 'service', explicit_max_ttl: 0 },
      })
    })

    test.each([
      [{ increment: 0 }, 300],
      [{ increment: 100 }, 100],
      [{ increment: '10m' }, 600],
      [{}, 300],
    ])('renewing with %j gives %i seconds', async (body, seconds) => {
      const { token } = await create({ policies: [] })
      const renewed = await call('PUT', 'auth/token/renew-self', { token, body })
      expect(renewed).toMatchObject({
        status: 200,
        body: {
          data: null,
          auth: { client_token: token, lease_duration: seconds, renewable: true },
        },
      })
    })

    test('a renewal beyond the maximum is capped, with a warning', async () => {
      const { token } = await create({ explicit_max_ttl: '6m' })
      const { body } = await call('PUT', 'auth/token/renew-self', {
        token,
        body: { increment: '1h' },
      })
      expect(member(body, 'auth', 'lease_duration')).toBeGreaterThan(350)
      expect(member(body, 'auth', 'lease_duration')).toBeLessThanOrEqual(360)
      expect(member(body, 'warnings')).toEqual([
        expect.stringContaining('exceeded the effective max_ttl'),
      ])
    })

    test('a token that is not renewable says so and is not renewed', async () => {
      const { token, auth } = await create({ renewable: false })
      expect(auth).toMatchObject({ renewable: false })
      const renewed = await call('PUT', 'auth/token/renew-self', { token, body: {} })
      expect(renewed.status).toBe(400)
    })

    test('a revoked token is an unknown one', async () => {
      const { token } = await create({})
      expect((await call('POST', 'auth/token/revoke-self', { token })).status).toBe(204)
      expect(await call('GET', 'auth/token/lookup-self', { token })).toMatchObject(invalid)
    })

    test('tokens made by a revoked token are revoked with it', async () => {
      const parent = await tokenFor(call, { 'auth/token/create': ['create', 'update'] })
      const made = await call('POST', 'auth/token/create', { token: parent, body: { ttl: '5m' } })
      const child = textAt(made.body, 'auth', 'client_token')
      expect((await call('GET', 'auth/token/lookup-self', { token: child })).status).toBe(200)
      await call('POST', 'auth/token/revoke-self', { token: parent })
      expect(await call('GET', 'auth/token/lookup-self', { token: child })).toMatchObject(invalid)
    })
  })
}

export function describeAccess(call: Call): void {
  describe('policies', () => {
    test('allow what they name and nothing else', async () => {
      const mount = await mountKv(call, 2)
      const token = await tokenFor(call, {
        [`${mount}/data/app/*`]: ['read'],
        [`${mount}/data/app/closed`]: ['deny'],
        [`${mount}/data/+/shared`]: ['create'],
        [`${mount}/metadata/app/*`]: ['list'],
      })
      await call('POST', `${mount}/data/app/db`, { body: { data: {} } })
      const status = async (method: string, path: string) => {
        const body = method === 'POST' ? { body: { data: {} } } : {}
        return (await call(method, `${mount}/${path}`, { token, ...body })).status
      }
      expect(await status('GET', 'data/app/db')).toBe(200)
      expect(await status('GET', 'data/app/none')).toBe(404)
      expect(await status('GET', 'metadata/app?list=true')).toBe(200)
      expect(await status('GET', 'data/app/closed')).toBe(403)
      expect(await status('GET', 'data/other')).toBe(403)
      expect(await status('POST', 'data/app/db')).toBe(403)
      expect(await status('POST', 'data/team/shared')).toBe(200)
      expect(await status('POST', 'data/team/shared')).toBe(403)
      expect(await status('GET', 'metadata?list=true')).toBe(403)
    })

    test('hide what a KV version 2 mount would say about a path without data/', async () => {
      const mount = await mountKv(call, 2)
      const token = await tokenFor(call, { [`${mount}/data/*`]: ['read'] })
      expect(await call('GET', `${mount}/app/db`, { token })).toMatchObject(denied)
    })

    test('hide whether there is anything', async () => {
      const token = await tokenFor(call, { 'secret/data/none': ['read'] })
      expect(await call('GET', 'nowhere/x', { token })).toMatchObject(denied)
      expect(await call('GET', 'sys/mounts', { token })).toMatchObject(denied)
    })

    test.each([
      ['an unknown capability', '{"path":{"x":{"capabilities":["raed"]}}}'],
      ['an empty text', ''],
    ])('are refused with %s', async (_, policy) => {
      const name = freshName()
      expect((await call('PUT', `sys/policies/acl/${name}`, { body: { policy } })).status).toBe(400)
      expect((await call('GET', `sys/policies/acl/${name}`)).status).toBe(404)
    })
  })
}

export function describeLeases(call: Call, database: boolean): void {
  describe('leases', () => {
    test.each([
      ['renew', { lease_id: 'database/creds/x/none' }, 400, 'lease not found'],
      ['renew', {}, 400, 'lease_id must be specified'],
    ])('%s of %j is answered %i', async (verb, body, status, error) => {
      const reply = await call('PUT', `sys/leases/${verb}`, { body })
      expect(reply).toMatchObject({ status, body: { errors: [error] } })
    })

    test('revoking what is not there is no failure', async () => {
      const body = { lease_id: 'database/creds/x/none' }
      expect((await call('PUT', 'sys/leases/revoke', { body })).status).toBe(204)
    })

    test('a token may renew leases by its default policy, but not revoke them', async () => {
      const token = await tokenFor(call, { 'secret/data/none': ['read'] })
      const body = { lease_id: 'database/creds/x/none' }
      expect((await call('PUT', 'sys/leases/renew', { token, body })).status).toBe(400)
      expect(await call('PUT', 'sys/leases/revoke', { token, body })).toMatchObject(denied)
    })
  })
  if (database) describeDynamicSecrets(call)
}

function describeDynamicSecrets(call: Call): void {
  describe('dynamic secrets', () => {
    const makeRole = async () => {
      const role = freshName()
      const body = { default_ttl: '60s', max_ttl: '90s' }
      expect((await call('PUT', `database/roles/${role}`, { body })).status).toBe(204)
      return role
    }

    test('come with a lease that can be renewed up to its maximum', async () => {
      const role = await makeRole()
      const read = await call('GET', `database/creds/${role}`)
      expect(read.body).toMatchObject({
        lease_id: expect.stringMatching(new RegExp(`^database/creds/${role}/.+`)),
        lease_duration: 60,
        renewable: true,
        data: { username: expect.any(String), password: expect.any(String) },
      })
      const lease_id = textAt(read.body, 'lease_id')
      const renewed = await call('PUT', 'sys/leases/renew', { body: { lease_id, increment: 0 } })
      expect(renewed.body).toMatchObject({
        lease_id,
        lease_duration: 60,
        renewable: true,
        data: null,
      })
      const capped = await call('PUT', 'sys/leases/renew', { body: { lease_id, increment: 3600 } })
      expect(member(capped.body, 'lease_duration')).toBeGreaterThan(80)
      expect(member(capped.body, 'lease_duration')).toBeLessThanOrEqual(90)
      expect(member(capped.body, 'warnings')).toHaveLength(1)
    })

    test('differ from read to read', async () => {
      const role = await makeRole()
      const [first, second] = [
        await call('GET', `database/creds/${role}`),
        await call('GET', `database/creds/${role}`),
      ]
      expect(member(first?.body, 'data', 'password')).not.toBe(
        member(second?.body, 'data', 'password'),
      )
    })

    test('end with the token that asked for them', async () => {
      const role = await makeRole()
      const token = await tokenFor(call, { 'database/creds/*': ['read'] })
      const { body } = await call('GET', `database/creds/${role}`, { token })
      const lease_id = textAt(body, 'lease_id')
      await call('POST', 'auth/token/revoke-self', { token })
      expect(await call('PUT', 'sys/leases/renew', { body: { lease_id } })).toMatchObject({
        status: 400,
        body: { errors: ['lease not found'] },
      })
    })

    test('of an unknown role are refused', async () => {
      const read = await call('GET', 'database/creds/none')
      expect(read).toMatchObject({ status: 400, body: { errors: ['unknown role: none'] } })
    })
  })
}
