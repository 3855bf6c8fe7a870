import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { openDevStore } from '../../../support/dev-store.ts'
import { member, textAt } from '../../../support/vault-contract-client.ts'

const invalid = {
  status: 403,
  body: { errors: ['2 errors occurred:\n\t* permission denied\n\t* invalid token\n\n'] },
}

async function openWithToken(fields: object) {
  const store = await openDevStore()
  const { body } = await store.ask('POST', 'auth/token/create', { body: fields })
  const token = textAt(body, 'auth', 'client_token')
  const lookUp = async () => store.ask('GET', 'auth/token/lookup-self', { token })
  const renew = async (increment: number | string = 0) =>
    store.ask('PUT', 'auth/token/renew-self', { token, body: { increment } })
  return { ...store, token, lookUp, renew }
}

describe('a token', () => {
  test('ends with its last second', async () => {
    const { advance, lookUp } = await openWithToken({ ttl: '60s' })
    advance(59)
    expect(member((await lookUp()).body, 'data', 'ttl')).toBe(1)
    advance(1)
    expect(await lookUp()).toMatchObject(invalid)
  })

  test('lives on by renewals, each counted from its own moment', async () => {
    const { advance, lookUp, renew } = await openWithToken({ ttl: '60s' })
    for (let round = 0; round < 5; round++) {
      advance(50)
      expect(member((await renew()).body, 'auth', 'lease_duration')).toBe(60)
    }
    advance(59)
    expect((await lookUp()).status).toBe(200)
  })

  test('is never renewed beyond its maximum, and is told so', async () => {
    const { advance, lookUp, renew } = await openWithToken({ ttl: '60s', explicit_max_ttl: '90s' })
    advance(50)
    const { body } = await renew()
    expect(member(body, 'auth', 'lease_duration')).toBe(40)
    expect(member(body, 'warnings')).toEqual([
      'TTL of "60s" exceeded the effective max_ttl of "40s"; TTL value is capped accordingly',
    ])
    advance(40)
    expect(await lookUp()).toMatchObject(invalid)
  })

  test('with a period outlives any maximum of the system', async () => {
    const { advance, lookUp, renew } = await openWithToken({ period: '20d' })
    for (let round = 0; round < 5; round++) {
      advance(15 * 86_400)
      expect(member((await renew('1h')).body, 'auth', 'lease_duration')).toBe(20 * 86_400)
    }
    expect((await lookUp()).status).toBe(200)
  })

  test('without a wish lives for 32 days, the longest there is', async () => {
    const { lookUp, renew } = await openWithToken({})
    expect(member((await lookUp()).body, 'data', 'ttl')).toBe(2_764_800)
    expect(member((await renew('1000h')).body, 'auth', 'lease_duration')).toBe(2_764_800)
  })

  test('takes the tokens it made with it when its time is over', async () => {
    const { ask, advance } = await openDevStore()
    await ask('PUT', 'sys/policies/acl/maker', {
      body: { policy: '{"path":{"auth/token/create":{"capabilities":["update"]}}}' },
    })
    const made = async (token: string | undefined, fields: object) => {
      const { body } = await ask('POST', 'auth/token/create', {
        body: fields,
        ...(token === undefined ? {} : { token }),
      })
      return textAt(body, 'auth', 'client_token')
    }
    const parent = await made(undefined, { policies: ['maker'], ttl: '60s' })
    const child = await made(parent, { ttl: '1h' })
    const orphan = await made(parent, { ttl: '1h', no_parent: true })
    advance(60)
    expect(await ask('GET', 'auth/token/lookup-self', { token: child })).toMatchObject(invalid)
    const alive = await ask('GET', 'auth/token/lookup-self', { token: orphan })
    expect(alive.status).toBe(200)
  })

  test('can be ended by its accessor', async () => {
    const { ask, lookUp } = await openWithToken({ ttl: '60s' })
    const accessor = textAt((await lookUp()).body, 'data', 'accessor')
    const ended = await ask('POST', 'auth/token/revoke-accessor', { body: { accessor } })
    expect(ended.status).toBe(204)
    expect(await lookUp()).toMatchObject(invalid)
  })
})

describe('a lease', () => {
  async function openWithLease(ttl: string) {
    const store = await openDevStore()
    const { ask } = store
    await ask('PUT', 'database/roles/app', { body: { default_ttl: '60s', max_ttl: '150s' } })
    await ask('PUT', 'sys/policies/acl/db', {
      body: { policy: '{"path":{"database/creds/app":{"capabilities":["read"]}}}' },
    })
    const made = await ask('POST', 'auth/token/create', { body: { policies: ['db'], ttl } })
    const token = textAt(made.body, 'auth', 'client_token')
    const { body } = await ask('GET', 'database/creds/app', { token })
    const lease_id = textAt(body, 'lease_id')
    const renew = async () => ask('PUT', 'sys/leases/renew', { body: { lease_id, increment: 0 } })
    return { ...store, renew, lease_id }
  }

  const gone = { status: 400, body: { errors: ['lease not found'] } }

  test('ends with its last second', async () => {
    const { advance, renew } = await openWithLease('1h')
    advance(60)
    expect(await renew()).toMatchObject(gone)
  })

  test('is renewed up to its maximum and not beyond', async () => {
    const { advance, renew } = await openWithLease('1h')
    const durations: unknown[] = []
    for (let round = 0; round < 3; round++) {
      advance(45)
      durations.push(member((await renew()).body, 'lease_duration'))
    }
    expect(durations).toEqual([60, 60, 15])
    advance(15)
    expect(await renew()).toMatchObject(gone)
  })

  test('ends when the token that asked for it ends', async () => {
    const { advance, renew } = await openWithLease('30s')
    advance(30)
    expect(await renew()).toMatchObject(gone)
  })

  test('can be looked up and ended', async () => {
    const { ask, advance, renew, lease_id } = await openWithLease('1h')
    advance(20)
    const found = await ask('PUT', 'sys/leases/lookup', { body: { lease_id } })
    expect(found.body).toMatchObject({ data: { id: lease_id, ttl: 40, renewable: true } })
    const ended = await ask('PUT', 'sys/leases/revoke', { body: { lease_id } })
    expect(ended.status).toBe(204)
    expect(await renew()).toMatchObject(gone)
  })
})

describe('a wrapped answer', () => {
  test('ends with its time', async () => {
    const { ask, advance } = await openDevStore()
    const wrapped = await ask('POST', 'sys/wrapping/wrap', { body: { a: 1 }, wrapTtl: 60 })
    const token = textAt(wrapped.body, 'wrap_info', 'token')
    advance(59)
    expect((await ask('GET', 'sys/wrapping/lookup', { token })).status).toBe(200)
    advance(1)
    expect(await ask('PUT', 'sys/wrapping/unwrap', { body: { token } })).toMatchObject({
      status: 400,
      body: { errors: ['wrapping token is not valid or does not exist'] },
    })
  })
})

describe('a secret id', () => {
  test('ends with its time', async () => {
    const { ask, advance } = await openDevStore()
    await ask('POST', 'sys/auth/approle', { body: { type: 'approle' } })
    await ask('POST', 'auth/approle/role/app', { body: { secret_id_ttl: '60s' } })
    const role = await ask('GET', 'auth/approle/role/app/role-id')
    const made = await ask('POST', 'auth/approle/role/app/secret-id')
    const ids = {
      role_id: textAt(role.body, 'data', 'role_id'),
      secret_id: textAt(made.body, 'data', 'secret_id'),
    }
    const logIn = async () => ask('POST', 'auth/approle/login', { token: null, body: ids })
    advance(59)
    expect((await logIn()).status).toBe(200)
    advance(1)
    expect((await logIn()).status).toBe(400)
  })

  test('is not kept where it could be read', async () => {
    const { ask, directory } = await openDevStore()
    await ask('POST', 'sys/auth/approle', { body: { type: 'approle' } })
    await ask('POST', 'auth/approle/role/app')
    const made = await ask('POST', 'auth/approle/role/app/secret-id')
    const settings = readFileSync(join(directory, 'config.json'), 'utf8')
    expect(settings).toContain('auth/approle/secret-id/')
    expect(settings).not.toContain(textAt(made.body, 'data', 'secret_id'))
  })
})
