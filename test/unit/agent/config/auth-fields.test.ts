import { describe, expect, test } from '@jest/globals'
import { readMethod } from '../../../support/auth-fixtures.ts'

const places = (method: unknown) => readMethod(method).issues.map(({ path }) => path)

describe('auto_auth.method', () => {
  test.each([
    [
      { type: 'kubernetes', config: { role: 'app' } },
      'auth/kubernetes',
      {
        kind: 'kubernetes',
        role: 'app',
        tokenPath: '/var/run/secrets/kubernetes.io/serviceaccount/token',
      },
    ],
    [
      { type: 'jwt', mount_path: '/auth/a/b/', config: { role: 'app', path: '/jwt' } },
      'auth/a/b',
      { kind: 'jwt', role: 'app', path: '/jwt', remove: true, removeFollowsLinks: false },
    ],
    [
      { type: 'approle', config: { role_id_file_path: '/r', secret_id_file_path: '' } },
      'auth/approle',
      {
        kind: 'approle',
        roleIdPath: '/r',
        secretIdPath: undefined,
        removeSecretId: true,
        wrappingPath: undefined,
      },
    ],
    [
      { type: 'cert' },
      'auth/cert',
      {
        kind: 'cert',
        name: undefined,
        caCertPath: undefined,
        clientCertPath: undefined,
        clientKeyPath: undefined,
        reload: false,
      },
    ],
    [
      { type: 'token_file', mount_path: 'auth/x', config: { token_file_path: '/t' } },
      'auth/token',
      { kind: 'token_file', path: '/t' },
    ],
    [
      { type: 'ldap', config: { username: 'ada', password_file_path: '/p' } },
      'auth/ldap',
      {
        kind: 'ldap',
        username: 'ada',
        passwordPath: '/p',
        remove: true,
        removeFollowsLinks: false,
      },
    ],
    [
      { type: 'aws', config: { type: 'iam', role: 'app' } },
      'auth/aws',
      {
        kind: 'aws',
        type: 'iam',
        role: 'app',
        keys: undefined,
        region: 'us-east-1',
        headerValue: undefined,
        nonce: undefined,
      },
    ],
    [
      { type: 'azure', config: { role: 'app', resource: 'api://x' } },
      'auth/azure',
      {
        kind: 'azure',
        role: 'app',
        resource: 'api://x',
        objectId: undefined,
        clientId: undefined,
        scope: 'api://x/.default',
        fromEnvironment: false,
      },
    ],
    [
      { type: 'gcp', config: { type: 'gce', role: 'app', jwt_exp: '5' } },
      'auth/gcp',
      {
        kind: 'gcp',
        type: 'gce',
        role: 'app',
        credentials: undefined,
        serviceAccount: undefined,
        jwtLifeMs: 300_000,
      },
    ],
  ])('%j', (method, mountPath, expected) => {
    const { auth, issues } = readMethod(method)
    expect(issues).toEqual([])
    expect(auth).toEqual({
      method: expected,
      mountPath,
      wrapTtlMs: undefined,
      backoff: { minMs: 1000, maxMs: 300_000 },
      exitOnError: false,
      reauthOnNewCredentials: false,
    })
  })

  test('takes what all methods have', () => {
    const { auth } = readMethod({
      type: 'kubernetes',
      wrap_ttl: '5m',
      min_backoff: '250ms',
      max_backoff: '250ms',
      exit_on_err: true,
      config: { role: 'app', token_path: '/t' },
    })
    expect(auth).toMatchObject({
      wrapTtlMs: 300_000,
      backoff: { minMs: 250, maxMs: 250 },
      exitOnError: true,
      reauthOnNewCredentials: false,
    })
  })

  test('stands beside what asks for a login with new credentials', () => {
    const method = { type: 'kubernetes', config: { role: 'app' } }
    const { auth } = readMethod(method, { enable_reauth_on_new_credentials: true })
    expect(auth.reauthOnNewCredentials).toBe(true)
  })

  test.each([
    [{ config: {} }, ['auto_auth.method.type']],
    [{ type: 'kubernetes' }, ['auto_auth.method.config.role']],
    [
      { type: 'jwt', config: { role: ' ' } },
      ['auto_auth.method.config.role', 'auto_auth.method.config.path'],
    ],
    [{ type: 'approle', config: {} }, ['auto_auth.method.config.role_id_file_path']],
    [
      {
        type: 'approle',
        config: {
          role_id_file_path: '/r',
          secret_id_file_path: '/s',
          secret_id_response_wrapping_path: '',
        },
      },
      ['auto_auth.method.config.secret_id_response_wrapping_path'],
    ],
    [{ type: 'token_file', config: {} }, ['auto_auth.method.config.token_file_path']],
    [
      { type: 'ldap', config: {} },
      ['auto_auth.method.config.username', 'auto_auth.method.config.password_file_path'],
    ],
    [
      { type: 'aws', config: { type: 'x', role: 'app', access_key: 'a' } },
      ['auto_auth.method.config.type', 'auto_auth.method.config.secret_key'],
    ],
    [
      { type: 'azure', config: { role: 'app', resource: 'r', object_id: 'o', client_id: 'c' } },
      ['auto_auth.method.config.object_id'],
    ],
    [{ type: 'gcp', config: {} }, ['auto_auth.method.config.type', 'auto_auth.method.config.role']],
    [
      { type: 'kubernetes', min_backoff: '2s', max_backoff: '1s', config: { role: 'a' } },
      ['auto_auth.method.min_backoff'],
    ],
  ])('%j is refused at %j', (method, expected) => {
    expect(places(method).toSorted()).toEqual([...expected].toSorted())
  })

  test.each([
    ['kubernets', 'did you mean kubernetes?'],
    ['kerberos', 'the method kerberos is not supported by this agent'],
    ['nothing-like-it', undefined],
  ])('does not know the type %s', (type, hint) => {
    const [issue] = readMethod({ type, config: {} }).issues
    expect(issue).toMatchObject({
      path: 'auto_auth.method.type',
      expected: expect.stringContaining('kubernetes, jwt, approle'),
      got: type,
    })
    expect(issue?.hint).toBe(hint)
  })

  test('shows no keys that it was given', () => {
    const config = { type: 'iam', role: 'a', access_key: 'AKID', secret_key: 'hidden-key' }
    expect(JSON.stringify(readMethod({ type: 'aws', config }).auth)).not.toContain('hidden-key')
  })
})
