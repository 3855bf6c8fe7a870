/** What all logins have in common, and a token that is there already. */
import { describe, expect, test } from '@jest/globals'
import { nothing, useLoginScene } from '../../../support/login-scene.ts'

const { answer, bodies, method, path, requests, write } = useLoginScene()

describe('a login', () => {
  test('is a PUT with the request marker and without a token', async () => {
    write('token', ' jwt-1\n')
    const config = { role: 'app', token_path: path('token') }
    const { login } = method('kubernetes', config, { mount_path: '/auth/clusters/eu-1/' })
    const { granted } = await login(nothing)
    expect(granted).toMatchObject({ kind: 'token', auth: { clientToken: 'hvs.scripted' } })
    expect(requests()).toMatchObject([
      {
        method: 'PUT',
        path: 'auth/clusters/eu-1/login',
        token: undefined,
        headers: { 'x-vault-request': 'true', 'content-type': 'application/json' },
      },
    ])
    expect(bodies()).toEqual([{ role: 'app', jwt: 'jwt-1' }])
    expect(requests()[0]?.headers['x-vault-wrap-ttl']).toBeUndefined()
  })

  test('reads the ServiceAccount token again each time', async () => {
    const { login } = method('kubernetes', { role: 'app', token_path: path('token') })
    for (const jwt of ['one', 'two']) {
      write('token', jwt)
      await login(nothing)
    }
    expect(bodies()).toEqual(['one', 'two'].map((jwt) => ({ role: 'app', jwt })))
  })

  test('without its token file asks the store nothing', async () => {
    const { login } = method('kubernetes', { role: 'app', token_path: path('token') })
    await expect(login(nothing)).rejects.toMatchObject({ code: 'jwt_unreadable' })
    expect(requests()).toEqual([])
  })

  test('may come wrapped, as the JSON that Vault Agent writes', async () => {
    write('token', 'jwt')
    const info = {
      token: 'hvs.wrapping',
      accessor: 'a',
      ttl: 300,
      creation_time: '2026-01-01T00:00:00.123456789Z',
      creation_path: 'auth/kubernetes/login',
      wrapped_accessor: 'w',
    }
    answer(() => ({ status: 200, body: { wrap_info: { ...info, unknown: 1 }, auth: null } }))
    const config = { role: 'app', token_path: path('token') }
    const { granted } = await method('kubernetes', config, { wrap_ttl: '5m' }).login(nothing)
    expect(granted).toEqual({ kind: 'wrapped', text: `${JSON.stringify(info)}\n` })
    expect(requests()[0]?.headers['x-vault-wrap-ttl']).toBe('300s')
  })

  test.each([
    ['without auth', {}, { data: null, auth: null }, 'a login without a token'],
    ['with an empty token', {}, { auth: { client_token: '' } }, 'a login without a token'],
    [
      'that asks for more',
      {},
      { auth: { client_token: '', mfa_requirement: { mfa_request_id: 'x' } } },
      'a login that asks for a second factor',
    ],
    ['that is not wrapped', { wrap_ttl: 60 }, { auth: { client_token: 't' } }, 'not wrapped'],
  ])('answered with 200 %s is a failure', async (_, rest, body, reason) => {
    write('token', 'jwt')
    answer(() => ({ status: 200, body }))
    const config = { role: 'app', token_path: path('token') }
    await expect(method('kubernetes', config, rest).login(nothing)).rejects.toMatchObject({
      code: 'store_answer_invalid',
      facts: {
        path: 'auth/kubernetes/login',
        role: 'app',
        reason: expect.stringContaining(reason),
      },
    })
  })

  test.each([
    [400, 'login_refused'],
    [403, 'login_refused'],
    [404, 'login_refused'],
    [429, 'store_busy'],
    [500, 'store_busy'],
    [503, 'store_busy'],
  ])('answered with %p fails as %s', async (status, code) => {
    write('token', 'jwt-secret')
    answer(() => ({ status, body: { errors: ['jwt-secret'] } }))
    const config = { role: 'app', token_path: path('token') }
    const failure = await method('kubernetes', config)
      .login(nothing)
      .catch((thrown) => thrown)
    expect(failure).toMatchObject({ code, facts: { status, path: 'auth/kubernetes/login' } })
    expect(JSON.stringify([failure.message, failure.facts])).not.toContain('jwt-secret')
  })
})

describe('a token in a file', () => {
  const config = () => ({ token_file_path: path('token') })
  const lookup = (data: object) => ({ status: 200, body: { data: { id: 'x', ...data } } })

  test.each([
    [
      { ttl: 3600, renewable: true },
      { leaseDuration: 3600, renewable: true },
    ],
    [
      { ttl: 0, renewable: false },
      { leaseDuration: 0, renewable: false },
    ],
    [{}, { leaseDuration: 0, renewable: false }],
  ])('is looked up once: %j', async (data, expected) => {
    write('token', 'hvs.own\n')
    answer(() => lookup(data))
    const { granted } = await method('token_file', config(), { mount_path: 'auth/x' }).login(
      nothing,
    )
    expect(granted).toMatchObject({ kind: 'token', auth: { clientToken: 'hvs.own', ...expected } })
    expect(requests()).toMatchObject([
      { method: 'GET', path: 'auth/token/lookup-self', token: 'hvs.own' },
    ])
  })

  test('that the store does not know is refused', async () => {
    write('token', 'hvs.nothing')
    answer(() => ({ status: 403, body: { errors: ['permission denied'] } }))
    await expect(method('token_file', config()).login(nothing)).rejects.toMatchObject({
      code: 'login_refused',
    })
  })

  test('that is missing is waited for', async () => {
    await expect(method('token_file', config()).login(nothing)).rejects.toMatchObject({
      code: 'credentials_unavailable',
    })
  })
})
