/** The contract's part about logins with a JWT. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { exportSPKI, generateKeyPair, SignJWT } from 'jose'
import { type Call, freshName, member, textAt } from './vault-contract-client.ts'

/** A ServiceAccount token. */
export type Mint = (account: {
  readonly namespace: string
  readonly serviceAccount: string
}) => Promise<string>

type Keys = Awaited<ReturnType<typeof generateKeyPair>>

interface Forging {
  readonly key?: Keys['privateKey']
  readonly issuer?: string
  readonly audience?: string
  readonly subject?: string
  readonly namespace?: string
  /** Seconds from now. */
  readonly expires?: number
  readonly notBefore?: number
}

const subject = 'system:serviceaccount:demo:app'

async function sign(keys: Keys, forging: Forging): Promise<string> {
  const now = Math.floor(Date.now() / 1000)
  const { namespace = 'demo', expires = 600, notBefore = 0 } = forging
  return new SignJWT({ 'kubernetes.io': { namespace, serviceaccount: { name: 'app' } } })
    .setProtectedHeader({ alg: 'ES256' })
    .setIssuer(forging.issuer ?? 'contract')
    .setSubject(forging.subject ?? subject)
    .setAudience(forging.audience ?? 'vault')
    .setIssuedAt(now)
    .setNotBefore(now + notBefore)
    .setExpirationTime(now + expires)
    .sign(forging.key ?? keys.privateKey)
}

export function describeJwtLogin(call: Call): void {
  describe('jwt login', () => {
    const mount = freshName()
    const role = {
      ...{
        role_type: 'jwt',
        user_claim: 'sub',
        bound_audiences: ['vault'],
        bound_subject: subject,
      },
      bound_claims: { '/kubernetes.io/namespace': 'demo' },
      ...{ token_policies: ['b', 'a'], token_ttl: '20m', token_max_ttl: '1h' },
    }
    const keys = generateKeyPair('ES256')
    const login = async (name: string, forging: Forging = {}) =>
      call('POST', `auth/${mount}/login`, {
        token: null,
        body: { role: name, jwt: await sign(await keys, forging) },
      })

    beforeAll(async () => {
      const publicKey = await exportSPKI((await keys).publicKey)
      const config = { jwt_validation_pubkeys: [publicKey], bound_issuer: 'contract' }
      await call('POST', `sys/auth/${mount}`, { body: { type: 'jwt' } })
      await call('POST', `auth/${mount}/config`, { body: config })
      await call('POST', `auth/${mount}/role/app`, { body: role })
    })

    test('gives a token with the role’s policies and times', async () => {
      const { status, body } = await login('app')
      expect(status).toBe(200)
      expect(member(body, 'auth')).toMatchObject({
        client_token: expect.stringMatching(/^hvs\./),
        accessor: expect.any(String),
        policies: ['a', 'b', 'default'],
        token_policies: ['a', 'b', 'default'],
        metadata: { role: 'app' },
        ...{ lease_duration: 1200, renewable: true, token_type: 'service', orphan: true },
      })
      const token = textAt(body, 'auth', 'client_token')
      const found = await call('GET', 'auth/token/lookup-self', { token })
      expect(member(found.body, 'data')).toMatchObject({
        ...{ path: `auth/${mount}/login`, display_name: `${mount}-${subject}`, creation_ttl: 1200 },
        meta: { role: 'app' },
      })
    })

    test('a period is given anew by each renewal', async () => {
      const periodic = { ...role, token_ttl: 0, token_max_ttl: 0, token_period: '5m' }
      await call('POST', `auth/${mount}/role/periodic`, { body: periodic })
      const { body } = await login('periodic')
      expect(member(body, 'auth', 'lease_duration')).toBe(300)
      const token = textAt(body, 'auth', 'client_token')
      const renewed = await call('PUT', 'auth/token/renew-self', {
        token,
        body: { increment: '1h' },
      })
      expect(member(renewed.body, 'auth', 'lease_duration')).toBe(300)
    })

    test('each login gives another token', async () => {
      const tokens = await Promise.all([login('app'), login('app')])
      const [first, second] = tokens.map(({ body }) => textAt(body, 'auth', 'client_token'))
      expect(first).not.toBe(second)
    })

    const validating = (reason: string) => `error validating token: ${reason}`
    test.each<[string, Forging, string]>([
      ['issuer', { issuer: 'x' }, validating('invalid issuer (iss) claim')],
      [
        'audience',
        { audience: 'x' },
        validating(
          'invalid audience (aud) claim: audience claim does not match any expected audience',
        ),
      ],
      ['subject', { subject: 'x' }, validating('invalid subject (sub) claim')],
      [
        'expiry',
        { expires: -120 },
        validating('invalid expiration time (exp) claim: token is expired'),
      ],
      [
        'start',
        { notBefore: 300 },
        validating('invalid not before (nbf) claim: token not yet valid'),
      ],
      [
        'bound claim',
        { namespace: 'x' },
        'error validating claims: claim "/kubernetes.io/namespace" does not match any associated bound claim values',
      ],
    ])('refuses a wrong %s', async (_, forging, error) => {
      const { status, body } = await login('app', forging)
      expect({ status, body }).toEqual({ status: 400, body: { errors: [error] } })
    })

    test('refuses the signature of another key', async () => {
      const other = await generateKeyPair('ES256')
      const { status, body } = await login('app', { key: other.privateKey })
      const error = 'no known key successfully validated the token signature'
      const expected = validating(`error verifying token signature: ${error}`)
      expect({ status, body }).toEqual({ status: 400, body: { errors: [expected] } })
    })

    test('allows a minute of difference between clocks', async () => {
      expect((await login('app', { expires: -20, notBefore: -60 })).status).toBe(200)
    })

    test.each([
      [{ role: 'none', jwt: 'x.y.z' }, 400, 'role "none" could not be found'],
      [{ jwt: 'x.y.z' }, 400, 'missing role'],
      [{ role: 'app' }, 400, 'missing token'],
    ])('answers %j with %i', async (body, status, error) => {
      const reply = await call('POST', `auth/${mount}/login`, { token: null, body })
      expect(reply).toMatchObject({ status, body: { errors: [error] } })
    })

    test.each([
      ['without a mount', 'POST', freshName(), 403],
      ['by GET', 'GET', mount, 405],
    ])('a login %s is answered', async (_, method, path, status) => {
      const token = method === 'GET' ? {} : { token: null, body: { role: 'app', jwt: 'x' } }
      expect((await call(method, `auth/${path}/login`, token)).status).toBe(status)
    })

    test.each([
      ['no bound', { role_type: 'jwt', user_claim: 'sub' }],
      ['no user claim', { role_type: 'jwt', bound_audiences: 'vault' }],
      ['a ttl that is no duration', { ...role, token_ttl: 'soon' }],
    ])('refuses a role with %s', async (_, body) => {
      expect((await call('POST', `auth/${mount}/role/bad`, { body })).status).toBe(400)
      expect((await call('GET', `auth/${mount}/role/bad`)).status).toBe(404)
    })

    test('reads a role back in Vault’s types', async () => {
      const { body } = await call('GET', `auth/${mount}/role/app`)
      expect(member(body, 'data')).toMatchObject({
        ...{ token_ttl: 1200, token_max_ttl: 3600, token_period: 0, token_policies: ['b', 'a'] },
        ...{ bound_audiences: ['vault'], bound_subject: subject, user_claim: 'sub' },
      })
    })

    test('refuses keys that are none', async () => {
      const body = { jwt_validation_pubkeys: ['nonsense'] }
      expect((await call('POST', `auth/${mount}/config`, { body })).status).toBe(400)
    })
  })
}

export function describeKubernetesLogin(call: Call, mint: Mint): void {
  describe('kubernetes login', () => {
    const role = freshName()
    const account = { namespace: 'demo', serviceAccount: 'app' }
    const login = async (name: string, jwt: string) =>
      call('POST', 'auth/kubernetes/login', { token: null, body: { role: name, jwt } })

    beforeAll(async () => {
      const body = {
        bound_service_account_names: 'app',
        bound_service_account_namespaces: ['demo'],
        ...{ token_policies: 'a', token_ttl: '20m' },
      }
      await call('POST', `auth/kubernetes/role/${role}`, { body })
    })

    test('gives a token that knows the ServiceAccount', async () => {
      const { status, body } = await login(role, await mint(account))
      expect(status).toBe(200)
      expect(member(body, 'auth')).toMatchObject({
        ...{ policies: ['a', 'default'], lease_duration: 1200, renewable: true },
        metadata: { role, service_account_name: 'app', service_account_namespace: 'demo' },
      })
    })

    test.each([
      [
        'ServiceAccount',
        { ...account, serviceAccount: 'default' },
        'service account name not authorized',
      ],
      ['namespace', { namespace: 'default', serviceAccount: 'app' }, 'namespace not authorized'],
    ])('refuses another %s', async (_, other, error) => {
      const reply = await login(role, await mint(other))
      expect(reply).toMatchObject({ status: 403, body: { errors: [error] } })
    })

    test('refuses an unknown role by name', async () => {
      expect(await login('none', await mint(account))).toMatchObject({
        status: 400,
        body: { errors: ['invalid role name "none"'] },
      })
    })

    test('refuses a token with another signature', async () => {
      const [header, payload] = (await mint(account)).split('.')
      const forged = `${header}.${payload}.${Buffer.alloc(64, 7).toString('base64url')}`
      expect((await login(role, forged)).status).toBe(403)
    })

    test.each(['bound_service_account_names', 'bound_service_account_namespaces'])(
      'refuses a role without %s',
      async (field) => {
        const bounds = { bound_service_account_names: '*', bound_service_account_namespaces: '*' }
        const body = { ...bounds, [field]: [] }
        const reply = await call('POST', `auth/kubernetes/role/${freshName()}`, { body })
        expect(reply.status).toBe(400)
      },
    )
  })
}
