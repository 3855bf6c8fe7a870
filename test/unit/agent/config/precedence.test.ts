/** Flags beat the environment, and that the file; BAO_ names come before VAULT_ names. */
import { describe, expect, test } from '@jest/globals'
import type { AgentConfig, VaultConfig } from '../../../../agent/config/agent-config.ts'
import { readConfig } from '../../../../agent/config/read-config.ts'
import type { AgentFlags } from '../../../../agent/flags.ts'
import { method, minimal } from '../../../support/agent-settings.ts'

type Variables = Readonly<Record<string, string>>

function read(file: object, environment: Variables, flags: AgentFlags = {}) {
  return readConfig(JSON.stringify({ ...minimal, ...file }), environment, flags)
}

function value(file: object, environment: Variables, flags: AgentFlags = {}): AgentConfig {
  const parsed = read(file, environment, flags)
  if (parsed.kind === 'issues') throw new Error(JSON.stringify(parsed.issues))
  return parsed.value.config
}

const pair = { client_cert: '/cert', client_key: '/key' }

describe('a flag, OpenBao’s variable, Vault’s variable, the file', () => {
  test.each<[keyof VaultConfig, keyof AgentFlags, string, object]>([
    ['address', 'address', 'ADDR', { address: 'http://file' }],
    ['namespace', 'namespace', 'NAMESPACE', { namespace: 'http://file' }],
    ['caCertPath', 'ca-cert', 'CACERT', { ca_cert: 'http://file' }],
    ['caPath', 'ca-path', 'CAPATH', { ca_path: 'http://file' }],
    ['clientCertPath', 'client-cert', 'CLIENT_CERT', { ...pair, client_cert: 'http://file' }],
    ['clientKeyPath', 'client-key', 'CLIENT_KEY', { ...pair, client_key: 'http://file' }],
    ['serverName', 'tls-server-name', 'TLS_SERVER_NAME', { tls_server_name: 'http://file' }],
  ])('%s', (setting, flag, suffix, vault) => {
    const flags = { [flag]: 'http://flag' }
    const own = { [`VAULT_${suffix}`]: 'http://vault' }
    const all = { ...own, [`BAO_${suffix}`]: 'http://bao' }
    expect(value({ vault }, all, flags).vault[setting]).toBe('http://flag')
    expect(value({ vault }, all).vault[setting]).toBe('http://bao')
    expect(value({ vault }, own).vault[setting]).toBe('http://vault')
    expect(value({ vault }, {}).vault[setting]).toBe('http://file')
  })

  test('the words of the log', () => {
    const file = { log_level: 'trace', log_format: 'json' }
    const variables = { VAULT_LOG_LEVEL: 'error', VAULT_LOG_FORMAT: 'standard' }
    const flags = { 'log-level': 'DEBUG', 'log-format': 'JSON' }
    const choice = (...given: readonly [Variables, AgentFlags]) => value(file, ...given).log.choice
    expect(choice({}, {})).toEqual({ level: 'trace', format: 'json' })
    expect(choice(variables, {})).toEqual({ level: 'error', format: 'standard' })
    expect(choice(variables, flags)).toEqual({ level: 'debug', format: 'json' })
  })

  test('what beats the file also hides what is wrong in it', () => {
    expect(value({ log_level: 'loud' }, { VAULT_LOG_LEVEL: 'warn' }).log.choice.level).toBe('warn')
  })

  test('the file of the log', () => {
    const file = {
      log_file: '/f',
      log_rotate_bytes: 1,
      log_rotate_duration: 1,
      log_rotate_max_files: 1,
    }
    const flags = {
      'log-file': '/g/',
      'log-rotate-bytes': '2',
      'log-rotate-duration': '2s',
      'log-rotate-max-files': '-1',
    }
    const given = { rotateBytes: 1, rotateMs: 1000, rotateMaxFiles: 1 }
    expect(value(file, {}).log).toMatchObject({ file: '/f', ...given })
    const beaten = { rotateBytes: 2, rotateMs: 2000, rotateMaxFiles: -1 }
    expect(value(file, {}, flags).log).toMatchObject({ file: '/g/', ...beaten })
  })

  test.each([
    [undefined, false],
    [true, true],
    [false, false],
  ])('-exit-after-auth is %p', (flag, expected) => {
    const flags = flag === undefined ? {} : { 'exit-after-auth': flag }
    expect(value({ exit_after_auth: !(flag ?? true) }, {}, flags).exitAfterAuth).toBe(expected)
  })
})

describe('set and empty', () => {
  test('takes back a path of the file', () => {
    const vault = { ca_cert: '/ca', tls_server_name: 'v' }
    expect(value({ vault }, { VAULT_CACERT: '' }).vault.caCertPath).toBeUndefined()
    expect(value({ vault }, {}, { 'ca-cert': '' }).vault.caCertPath).toBeUndefined()
    expect(value({ vault }, { BAO_TLS_SERVER_NAME: '' }).vault.serverName).toBeUndefined()
  })

  test('is no address, namespace or level', () => {
    const file = { vault: { address: 'http://file', namespace: 'file' }, log_level: 'warn' }
    const variables = { VAULT_ADDR: '', VAULT_NAMESPACE: '', VAULT_LOG_LEVEL: '' }
    const flags = { address: '', namespace: '', 'log-level': '' }
    expect(value(file, variables, flags)).toMatchObject({
      vault: { address: 'http://file', namespace: 'file' },
      log: { choice: { level: 'warn' } },
    })
  })
})

describe('the certificate is', () => {
  test.each([
    ['verified', {}, {}, undefined, false],
    ['not verified by the file', { tls_skip_verify: true }, {}, undefined, true],
    ['not verified by its text', { tls_skip_verify: 'true' }, {}, undefined, true],
    [
      'verified by a variable',
      { tls_skip_verify: true },
      { VAULT_SKIP_VERIFY: 'false' },
      undefined,
      false,
    ],
    [
      'verified by an empty variable',
      { tls_skip_verify: true },
      { VAULT_SKIP_VERIFY: '' },
      undefined,
      false,
    ],
    ['not verified by a variable', {}, { VAULT_SKIP_VERIFY: '1' }, undefined, true],
    [
      'verified by OpenBao’s variable',
      {},
      { VAULT_SKIP_VERIFY: '1', BAO_SKIP_VERIFY: 'f' },
      undefined,
      false,
    ],
    ['verified by a flag', { tls_skip_verify: true }, { VAULT_SKIP_VERIFY: 'true' }, false, false],
    ['not verified by a flag', {}, { VAULT_SKIP_VERIFY: 'false' }, true, true],
  ])('%s', (_, vault, variables, flag, expected) => {
    const flags = flag === undefined ? {} : { 'tls-skip-verify': flag }
    expect(value({ vault }, variables, flags).vault.skipVerify).toBe(expected)
  })
})

describe('the namespace of the method', () => {
  const inMethod = { auto_auth: { method: { ...method, namespace: 'method' } } }
  const inBoth = { ...inMethod, vault: { namespace: 'file' } }
  test.each([
    ['serves everything', inMethod, {}, {}, 'method', 'method'],
    ['serves logins beside that of the store', inBoth, {}, {}, 'method', 'file'],
    ['gives way to a variable', inBoth, { VAULT_NAMESPACE: 'v' }, {}, 'v', 'v'],
    ['gives way to a flag', inBoth, { VAULT_NAMESPACE: 'v' }, { ns: 'flag' }, 'flag', 'flag'],
  ])('%s', (_, file, variables, flags, loginNamespace, namespace) => {
    expect(value(file, variables, flags).vault).toMatchObject({ loginNamespace, namespace })
  })
})

describe('variables alone', () => {
  test.each([
    [{ VAULT_CLIENT_TIMEOUT: '5s' }, { timeoutMs: 5000 }],
    [{ VAULT_CLIENT_TIMEOUT: '5' }, { timeoutMs: 5000 }],
    [{ VAULT_CLIENT_TIMEOUT: '' }, { timeoutMs: 60_000 }],
    [{ VAULT_CLIENT_TIMEOUT: '0' }, { timeoutMs: 60_000 }],
    [{ VAULT_CACERT_BYTES: 'PEM' }, { caCertPem: 'PEM' }],
    [{ VAULT_MAX_RETRIES: '0' }, { httpRetries: 0 }],
    [{}, { httpRetries: 2, followRedirects: true, rateLimit: undefined, proxy: {} }],
    [{ VAULT_RATE_LIMIT: '10' }, { rateLimit: { perSecond: 10, burst: 10 } }],
    [{ VAULT_RATE_LIMIT: '0.5' }, { rateLimit: { perSecond: 0.5, burst: 1 } }],
    [{ VAULT_RATE_LIMIT: '10.5:20' }, { rateLimit: { perSecond: 10.5, burst: 20 } }],
    [{ VAULT_DISABLE_REDIRECTS: 'true' }, { followRedirects: false }],
    [{ HTTP_PROXY: 'http://p' }, { proxy: { HTTP_PROXY: 'http://p' } }],
    [{ BAO_PROXY_ADDR: 'http://p' }, { proxy: { VAULT_PROXY_ADDR: 'http://p' } }],
    [{ VAULT_AGENT_ADDR: 'http://other' }, { address: 'https://127.0.0.1:8200' }],
  ])('%p', (variables, expected) => {
    expect(value({}, variables).vault).toMatchObject(expected)
  })

  test('a list of subsystems', () => {
    const file = { disable_idle_connections: ['caching'] }
    const variables = { VAULT_AGENT_DISABLE_IDLE_CONNECTIONS: 'auto-auth, proxying' }
    const { withoutIdle } = value(file, variables).connections
    expect([...withoutIdle]).toEqual(['auto-auth', 'proxying'])
  })

  test.each([
    'VAULT_SKIP_VERIFY',
    'VAULT_CLIENT_TIMEOUT',
    'VAULT_MAX_RETRIES',
    'VAULT_RATE_LIMIT',
    'VAULT_DISABLE_REDIRECTS',
    'VAULT_LOG_LEVEL',
    'BAO_LOG_FORMAT',
    'VAULT_AGENT_DISABLE_KEEP_ALIVES',
  ])('%s that is wrong is named', (name) => {
    const parsed = read({}, { [name]: 'maybe' })
    expect(parsed).toMatchObject({ kind: 'issues', issues: [{ path: name, got: 'maybe' }] })
  })
})
