import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../../agent/config/read-config.ts'

const method = { type: 'kubernetes', config: { role: 'app' } }
const minimal = {
  auto_auth: { method },
  template: [{ destination: '/a', contents: 'x' }],
}

function read(changes: object, environment: Record<string, string> = {}) {
  return readConfig(JSON.stringify({ ...minimal, ...changes }), environment)
}

function value(changes: object, environment: Record<string, string> = {}) {
  const parsed = read(changes, environment)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value
}

function paths(changes: object, environment: Record<string, string> = {}) {
  const parsed = read(changes, environment)
  return parsed.kind === 'ok' ? [] : parsed.issues.map(({ path }) => path)
}

describe('defaults are those of Vault Agent', () => {
  test('of a minimal configuration', () => {
    expect(value({})).toMatchObject({
      vault: { address: 'https://127.0.0.1:8200', skipVerify: false, timeoutMs: 60_000 },
      auth: {
        kind: 'kubernetes',
        mountPath: 'auth/kubernetes',
        role: 'app',
        jwtPath: '/var/run/secrets/kubernetes.io/serviceaccount/token',
        removeJwt: false,
        backoff: { minMs: 1000, maxMs: 300_000 },
      },
      templates: [
        { leftDelimiter: '{{', rightDelimiter: '}}', mode: undefined, createDirectories: true },
      ],
      exitAfterAuth: false,
      staticIntervalMs: 300_000,
      renewalThreshold: 0.9,
      readRetries: 12,
    })
  })
})

describe('values', () => {
  test.each([
    [
      'a mount path loses its slashes',
      { auto_auth: { method: { ...method, mount_path: '/auth/k8s/' } } },
      { auth: { mountPath: 'auth/k8s' } },
    ],
    [
      'jwt removes its file',
      { auto_auth: { method: { type: 'jwt', config: { role: 'r', path: '/jwt' } } } },
      { auth: { kind: 'jwt', jwtPath: '/jwt', removeJwt: true } },
    ],
    [
      'config may be a list of one block',
      { auto_auth: [{ method: [{ ...method, config: [{ role: 'r' }] }] }] },
      { auth: { role: 'r' } },
    ],
    [
      'octal permissions',
      { template: [{ destination: '/a', contents: 'x', perms: '0640' }] },
      { templates: [{ mode: 0o640 }] },
    ],
    [
      'a decimal mode',
      { template: [{ destination: '/a', contents: 'x', perms: 420 }] },
      { templates: [{ mode: 0o644 }] },
    ],
    [
      'a secret in a format, optional',
      { template: [{ destination: '/a', format: 'env', secret: 's/data/x', optional: true }] },
      {
        templates: [{ body: { kind: 'format', format: 'env', path: 's/data/x' }, optional: true }],
      },
    ],
    [
      'a handlebars template with its own delimiters spelt out',
      {
        template: [
          {
            destination: '/a',
            contents: 'x',
            engine: 'handlebars',
            left_delimiter: '{{',
            right_delimiter: '}}',
          },
        ],
      },
      { templates: [{ engine: 'handlebars', optional: false }] },
    ],
    ['a deadline', { claviger: { init_deadline: '1m30s' } }, { initDeadlineMs: 90_000 }],
    [
      'one template without a list',
      { template: { destination: '/a', source: '/t' } },
      { templates: [{ body: { kind: 'source', path: '/t' } }] },
    ],
    [
      'seconds without a unit',
      { template_config: { static_secret_render_interval: 90 } },
      { staticIntervalMs: 90_000 },
    ],
    [
      'the address loses its slash',
      { vault: { address: 'http://v:1/' } },
      { vault: { address: 'http://v:1' } },
    ],
    ['retries turned off', { vault: { retry: { num_retries: -1 } } }, { readRetries: -1 }],
  ])('%s', (_, changes, expected) => {
    expect(value(changes)).toMatchObject(expected)
  })

  test.each([
    ['VAULT_ADDR', 'http://env:1', { address: 'http://env:1' }],
    ['VAULT_NAMESPACE', 'team', { namespace: 'team' }],
    ['VAULT_SKIP_VERIFY', 'false', { skipVerify: false }],
    ['VAULT_SKIP_VERIFY', 'true', { skipVerify: true }],
    ['VAULT_CLIENT_TIMEOUT', '5s', { timeoutMs: 5000 }],
    ['VAULT_CACERT', '/ca.pem', { caCertPath: '/ca.pem' }],
  ])('%s=%s beats the file', (name, text, expected) => {
    const vault = { address: 'http://file:1', namespace: 'file', tls_skip_verify: text === 'false' }
    expect(value({ vault }, { [name]: text }).vault).toMatchObject(expected)
  })
})

test.each([
  [{ VAULT_NAMESPACE: 'env' }, 'env'],
  [{}, 'method'],
])(
  'the namespace of the auth method serves everything unless the environment names one, %p',
  (environment, expected) => {
    const changes = {
      vault: { address: 'http://v', namespace: 'file' },
      auto_auth: { method: { ...method, namespace: 'method' } },
    }
    expect(value(changes, environment).vault.namespace).toBe(expected)
  },
)

describe('problems', () => {
  test.each([
    ['not JSON', '{"a"', ['configuration']],
    ['not an object', '[]', ['configuration']],
    [
      'empty',
      '{}',
      ['auto_auth', 'auto_auth.method.type', 'auto_auth.method.config.role', 'template'],
    ],
  ])('%s', (_, text, expected) => {
    const parsed = readConfig(text, {})
    expect(parsed.kind === 'issues' && parsed.issues.map(({ path }) => path)).toEqual(expected)
  })

  test.each([
    [
      'an unknown method',
      { auto_auth: { method: { type: 'cert', config: { role: 'r' } } } },
      'auto_auth.method.type',
    ],
    [
      'a role of another type',
      { auto_auth: { method: { type: 'kubernetes', config: { role: 1 } } } },
      'auto_auth.method.config.role',
    ],
    [
      'both contents and source',
      { template: [{ destination: '/a', contents: 'x', source: '/t' }] },
      'template[0].contents',
    ],
    ['no destination', { template: [{ contents: 'x' }] }, 'template[0].destination'],
    [
      'a format without its secret',
      { template: [{ destination: '/a', format: 'env' }] },
      'template[0].secret',
    ],
    [
      'a format beside contents',
      { template: [{ destination: '/a', format: 'env', secret: 's', contents: 'x' }] },
      'template[0].contents',
    ],
    [
      'an engine beside a format',
      { template: [{ destination: '/a', format: 'env', secret: 's', engine: 'go' }] },
      'template[0].engine',
    ],
    [
      'a secret without a format',
      { template: [{ destination: '/a', contents: 'x', secret: 's' }] },
      'template[0].secret',
    ],
    [
      'an unknown format',
      { template: [{ destination: '/a', format: 'envv', secret: 's' }] },
      'template[0].format',
    ],
    [
      'an unknown engine',
      { template: [{ destination: '/a', contents: 'x', engine: 'jinja' }] },
      'template[0].engine',
    ],
    [
      'other delimiters for handlebars',
      {
        template: [
          { destination: '/a', contents: 'x', engine: 'handlebars', left_delimiter: '[[' },
        ],
      },
      'template[0].left_delimiter',
    ],
    ['a deadline in words', { claviger: { init_deadline: 'soon' } }, 'claviger.init_deadline'],
    [
      'permissions that are not octal',
      { template: [{ destination: '/a', contents: 'x', perms: '0888' }] },
      'template[0].perms',
    ],
    [
      'a duration in words',
      { template_config: { static_secret_render_interval: 'soon' } },
      'template_config.static_secret_render_interval',
    ],
    ['an address without a scheme', { vault: { address: 'vault:8200' } }, 'vault.address'],
    [
      'an unknown sink',
      { auto_auth: { method, sink: [{ type: 'pipe', config: { path: '/p' } }] } },
      'auto_auth.sink[0].type',
    ],
    [
      'backoffs the wrong way round',
      { auto_auth: { method: { ...method, min_backoff: '10m' } } },
      'auto_auth.method.min_backoff',
    ],
    ['a block that is a string', { vault: 'http://v' }, 'vault'],
  ])('%s', (_, changes, path) => {
    expect(paths(changes)).toEqual([path])
  })

  test('come all at once and never quote the values of free text', () => {
    const parsed = read({ vault: { address: 'hunter2' }, template: [{ contents: 'hunter2' }] })
    expect(parsed.kind === 'issues' && parsed.issues).toHaveLength(2)
    expect(JSON.stringify(parsed)).not.toContain('hunter2')
  })
})
