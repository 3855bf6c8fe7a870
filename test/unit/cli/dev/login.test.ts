import { statSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { decodeJwt, decodeProtectedHeader } from 'jose'
import { matchesGlob } from '../../../../cli/dev/auth/glob.ts'
import { openDevStore } from '../../../support/dev-store.ts'

const account = { namespace: 'demo', serviceAccount: 'app' }

async function openWithRoles() {
  const store = await openDevStore()
  await store.ask('PUT', 'auth/kubernetes/role/app', {
    body: { bound_service_account_names: 'app', bound_service_account_namespaces: 'demo' },
  })
  await store.ask('PUT', 'auth/kubernetes/role/narrow', {
    body: {
      bound_service_account_names: 'app',
      bound_service_account_namespaces: 'demo',
      audience: 'vault',
    },
  })
  await store.ask('PUT', 'auth/jwt/role/app', {
    body: { role_type: 'jwt', user_claim: 'sub', bound_audiences: 'vault' },
  })
  const login = async (mount: string, role: string, jwt: string) =>
    store.ask('PUT', `auth/${mount}/login`, { token: null, body: { role, jwt } })
  return { ...store, login }
}

describe('the development issuer', () => {
  test('mints what the API server mints for a projected token', async () => {
    const { issuer, clock } = await openDevStore()
    const jwt = (await issuer.mint({ ...account, audience: 'vault', ttl: 600 })).reveal()
    const now = Math.floor(clock.now() / 1000)
    expect(decodeProtectedHeader(jwt)).toEqual({ alg: 'ES256', kid: expect.any(String) })
    expect(decodeJwt(jwt)).toEqual({
      aud: ['vault'],
      exp: now + 600,
      iat: now,
      iss: 'https://kubernetes.default.svc.cluster.local',
      jti: expect.any(String),
      'kubernetes.io': {
        namespace: 'demo',
        serviceaccount: { name: 'app', uid: expect.stringMatching(/^[0-9a-f-]{36}$/) },
      },
      nbf: now,
      sub: 'system:serviceaccount:demo:app',
    })
  })

  test('keeps its key over a restart, for its owner alone', async () => {
    const first = await openDevStore()
    const second = await openDevStore(first.directory)
    expect(second.issuer.publicKey).toBe(first.issuer.publicKey)
    expect(statSync(join(first.directory, 'issuer-key.pem')).mode & 0o777).toBe(0o600)
    expect((await openDevStore()).issuer.publicKey).not.toBe(first.issuer.publicKey)
  })
})

describe('logins without configuration', () => {
  test.each([
    ['kubernetes', 'app', undefined, 200],
    ['kubernetes', 'narrow', 'vault', 200],
    ['kubernetes', 'narrow', 'other', 403],
    ['jwt', 'app', 'vault', 200],
    ['jwt', 'app', 'other', 400],
  ])('%s as %s with audience %p is answered %i', async (mount, role, audience, status) => {
    const { issuer, login } = await openWithRoles()
    const audiences = audience === undefined ? {} : { audience }
    const jwt = await issuer.mint({ ...account, ...audiences, ttl: 600 })
    expect((await login(mount, role, jwt.reveal())).status).toBe(status)
  })

  test.each([
    ['kubernetes', 403],
    ['jwt', 400],
  ])('%s refuses the token of another issuer', async (mount, status) => {
    const { login } = await openWithRoles()
    const { issuer: stranger } = await openDevStore()
    const jwt = await stranger.mint({ ...account, audience: 'vault', ttl: 600 })
    expect((await login(mount, 'app', jwt.reveal())).status).toBe(status)
  })

  test.each([
    [600 + 59, 200],
    [600 + 61, 403],
  ])('%i s after its making a token for 600 s is answered %i', async (seconds, status) => {
    const { issuer, login, advance } = await openWithRoles()
    const jwt = await issuer.mint({ ...account, ttl: 600 })
    advance(seconds)
    expect((await login('kubernetes', 'app', jwt.reveal())).status).toBe(status)
  })

  test('an unsigned token is refused', async () => {
    const { issuer, login } = await openWithRoles()
    const [, payload] = (await issuer.mint({ ...account, ttl: 600 })).reveal().split('.')
    const header = Buffer.from('{"alg":"none"}').toString('base64url')
    expect((await login('kubernetes', 'app', `${header}.${payload}.`)).status).toBe(403)
  })

  test('a role keeps its other fields when one is changed', async () => {
    const { ask } = await openWithRoles()
    await ask('PUT', 'auth/kubernetes/role/app', { body: { token_ttl: '5m' } })
    expect((await ask('GET', 'auth/kubernetes/role/app')).body).toMatchObject({
      data: { bound_service_account_names: ['app'], token_ttl: 300 },
    })
  })
})

describe('claims bound by a jwt role', () => {
  test.each([
    [{ '/kubernetes.io/serviceaccount/name': 'app' }, 'string', 200],
    [{ '/kubernetes.io/serviceaccount/name': ['x', 'app'] }, 'string', 200],
    [{ '/kubernetes.io/serviceaccount/name': 'a*' }, 'string', 400],
    [{ '/kubernetes.io/serviceaccount/name': 'a*' }, 'glob', 200],
    [{ sub: 'system:serviceaccount:demo:app' }, 'string', 200],
    [{ constructor: 'x' }, 'string', 400],
    [{ '/kubernetes.io/pod/name': 'x' }, 'string', 400],
  ])('%j as %s is answered %i', async (bound_claims, bound_claims_type, status) => {
    const { ask, issuer, login } = await openWithRoles()
    await ask('PUT', 'auth/jwt/role/bound', {
      body: {
        ...{ role_type: 'jwt', user_claim: 'sub', bound_audiences: 'vault' },
        ...{ bound_claims, bound_claims_type },
      },
    })
    const jwt = await issuer.mint({ ...account, audience: 'vault', ttl: 600 })
    expect((await login('jwt', 'bound', jwt.reveal())).status).toBe(status)
  })
})

test.each([
  ['app', 'app', true],
  ['app', 'apps', false],
  ['*', '', true],
  ['app-*', 'app-1', true],
  ['*-app', 'my-app', true],
  ['a*b*c', 'axxbyyc', true],
  ['a*b*c', 'ac', false],
  ['ab*ba', 'aba', false],
  ['a*b*b', 'ab', false],
])('glob %p matches %p: %p', (pattern, value, expected) => {
  expect(matchesGlob(pattern, value)).toBe(expected)
})
