/** The contract's part about logins with a secret id, and about wrapped answers, in which secret ids travel. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { type Call, freshName, member, textAt, tokenFor } from './vault-contract-client.ts'

export function describeApprole(call: Call): void {
  describe('approle login', () => {
    const mount = freshName()
    const role = `auth/${mount}/role`

    const makeRole = async (fields: object = {}) => {
      const name = freshName()
      const body = { token_policies: ['b', 'a'], token_ttl: '20m', ...fields }
      expect((await call('POST', `${role}/${name}`, { body })).status).toBe(204)
      return name
    }
    const roleIdOf = async (name: string) =>
      textAt((await call('GET', `${role}/${name}/role-id`)).body, 'data', 'role_id')
    const secretIdOf = async (name: string, body: object = {}) =>
      textAt((await call('POST', `${role}/${name}/secret-id`, { body })).body, 'data', 'secret_id')
    const login = async (body: object) => call('POST', `auth/${mount}/login`, { token: null, body })

    beforeAll(async () => {
      await call('POST', `sys/auth/${mount}`, { body: { type: 'approle' } })
    })

    test('gives a token with the role’s policies and times', async () => {
      const name = await makeRole()
      const [role_id, secret_id] = [await roleIdOf(name), await secretIdOf(name)]
      const { status, body } = await login({ role_id, secret_id })
      expect(status).toBe(200)
      expect(member(body, 'auth')).toMatchObject({
        client_token: expect.stringMatching(/^hvs\./),
        policies: ['a', 'b', 'default'],
        metadata: { role_name: name },
        ...{ lease_duration: 1200, renewable: true, token_type: 'service', orphan: true },
      })
      const token = textAt(body, 'auth', 'client_token')
      const found = await call('GET', 'auth/token/lookup-self', { token })
      expect(member(found.body, 'data')).toMatchObject({
        ...{ path: `auth/${mount}/login`, display_name: mount },
      })
    })

    test('needs no secret id where the role says so', async () => {
      const name = await makeRole({ bind_secret_id: false, token_bound_cidrs: '0.0.0.0/0' })
      expect((await login({ role_id: await roleIdOf(name) })).status).toBe(200)
    })

    test('keeps what a second write of the role does not name', async () => {
      const name = await makeRole()
      await call('POST', `${role}/${name}`, { body: { token_ttl: '30m' } })
      const { body } = await call('GET', `${role}/${name}`)
      expect(member(body, 'data')).toMatchObject({
        ...{ bind_secret_id: true, token_ttl: 1800, token_policies: ['b', 'a'] },
      })
    })

    test('takes a role id of the operator’s choice', async () => {
      const name = await makeRole()
      const role_id = freshName()
      const set = await call('POST', `${role}/${name}/role-id`, { body: { role_id } })
      expect(set.status).toBe(204)
      expect((await login({ role_id, secret_id: await secretIdOf(name) })).status).toBe(200)
    })

    test('ends the use of a secret id after its number of uses', async () => {
      const name = await makeRole({ secret_id_num_uses: 2 })
      const ids = { role_id: await roleIdOf(name), secret_id: await secretIdOf(name) }
      expect((await login(ids)).status).toBe(200)
      expect((await login(ids)).status).toBe(200)
      expect(await login(ids)).toMatchObject(refused)
    })

    test('is refused with the secret id of another role', async () => {
      const [one, other] = [await makeRole(), await makeRole()]
      const ids = { role_id: await roleIdOf(one), secret_id: await secretIdOf(other) }
      expect(await login(ids)).toMatchObject(refused)
    })

    test.each([
      ['an unknown role id', { role_id: 'none', secret_id: 'none' }, 400, refusal],
      ['no role id', {}, 500, 'failed to determine alias name from login request'],
    ])('is refused with %s', async (_, body, status, error) => {
      expect(await login(body)).toMatchObject({ status, body: { errors: [error] } })
    })

    test('is refused without a secret id, and with a wrong one', async () => {
      const role_id = await roleIdOf(await makeRole())
      expect(await login({ role_id })).toMatchObject({
        status: 400,
        body: { errors: ['missing secret_id'] },
      })
      expect(await login({ role_id, secret_id: 'none' })).toMatchObject(refused)
    })

    test('of a role that is not there has neither id', async () => {
      expect((await call('GET', `${role}/none/role-id`)).status).toBe(404)
      expect(await call('POST', `${role}/none/secret-id`, { body: {} })).toMatchObject({
        status: 404,
        body: { errors: ['role "none" does not exist'] },
      })
    })

    test('gives batch tokens, which have no accessor and are never renewed', async () => {
      const name = await makeRole({ token_type: 'batch' })
      const ids = { role_id: await roleIdOf(name), secret_id: await secretIdOf(name) }
      const { body } = await login(ids)
      expect(member(body, 'auth')).toMatchObject({
        client_token: expect.stringMatching(/^hvb\./),
        ...{ accessor: '', token_type: 'batch', renewable: false, lease_duration: 1200 },
      })
    })
  })
}

export function describeWrapping(call: Call): void {
  const wrap = async () => {
    const body = { answer: 42 }
    const wrapped = await call('POST', 'sys/wrapping/wrap', { body, wrapTtl: '60s' })
    return { wrapped, token: textAt(wrapped.body, 'wrap_info', 'token') }
  }

  describe('wrapping', () => {
    test('puts a token in the place of the answer', async () => {
      const { wrapped } = await wrap()
      expect(wrapped.body).toMatchObject({
        ...{ data: null, auth: null },
        wrap_info: {
          token: expect.stringMatching(/^hvs\./),
          accessor: expect.any(String),
          ...{ ttl: 60, creation_path: 'sys/wrapping/wrap' },
          creation_time: expect.stringMatching(/^\d{4}-\d\d-\d\dT[\d:.]+Z$/),
        },
      })
    })

    test.each([
      ['by its holder', (token: string) => ({ token })],
      ['by anybody who may', (token: string) => ({ body: { token } })],
    ])('gives the answer once, %s', async (_, options) => {
      const { token } = await wrap()
      const unwrapped = await call('PUT', 'sys/wrapping/unwrap', options(token))
      expect(unwrapped).toMatchObject({
        status: 200,
        body: { data: { answer: 42 }, wrap_info: null },
      })
      const again = await call('PUT', 'sys/wrapping/unwrap', { body: { token } })
      expect(again).toMatchObject(notWrapped)
    })

    test.each([
      ['POST', (token: string) => ({ token: null, body: { token } })],
      ['POST', (token: string) => ({ token })],
      ['GET', (token: string) => ({ token })],
    ])('is looked up by %s without spending the token', async (method, options) => {
      const { token } = await wrap()
      const found = await call(method, 'sys/wrapping/lookup', options(token))
      expect(member(found.body, 'data')).toMatchObject({
        ...{ creation_path: 'sys/wrapping/wrap', creation_ttl: 60 },
      })
      expect((await call('PUT', 'sys/wrapping/unwrap', { token })).status).toBe(200)
    })

    test('hides a login, and names its accessor', async () => {
      const created = await call('POST', 'auth/token/create', {
        body: { policies: [], ttl: '5m' },
        wrapTtl: '60',
      })
      const { wrap_info, auth } = { wrap_info: member(created.body, 'wrap_info'), auth: null }
      expect(created.body).toMatchObject({ auth })
      const token = textAt(wrap_info, 'token')
      const unwrapped = await call('PUT', 'sys/wrapping/unwrap', { token })
      expect(textAt(unwrapped.body, 'auth', 'accessor')).toBe(textAt(wrap_info, 'wrapped_accessor'))
    })

    test('leaves refusals and empty answers as they are', async () => {
      expect(await call('GET', 'secret/data/none-such', { wrapTtl: '60s' })).toMatchObject({
        status: 404,
      })
      const body = { lease_id: 'database/creds/x/none' }
      const revoked = await call('PUT', 'sys/leases/revoke', { body, wrapTtl: '60s' })
      expect(revoked.status).toBe(204)
    })

    test('may be used by every token', async () => {
      const token = await tokenFor(call, { 'secret/data/none': ['read'] })
      const wrapped = await call('POST', 'sys/wrapping/wrap', {
        ...{ token, wrapTtl: '60s', body: { a: 1 } },
      })
      const inner = textAt(wrapped.body, 'wrap_info', 'token')
      const unwrapped = await call('PUT', 'sys/wrapping/unwrap', { token, body: { token: inner } })
      expect(unwrapped.status).toBe(200)
    })

    test('is refused without a time, and for what is no wrapping token', async () => {
      expect(await call('POST', 'sys/wrapping/wrap', { body: { a: 1 } })).toMatchObject({
        status: 400,
        body: { errors: ['endpoint requires response wrapping to be used'] },
      })
      for (const verb of ['lookup', 'unwrap']) {
        const body = { token: 'hvs.none' }
        expect(await call('PUT', `sys/wrapping/${verb}`, { body })).toMatchObject(notWrapped)
      }
    })
  })
}

const refusal = 'invalid role or secret ID'
const refused = { status: 400, body: { errors: [refusal] } }
const notWrapped = {
  status: 400,
  body: { errors: ['wrapping token is not valid or does not exist'] },
}
