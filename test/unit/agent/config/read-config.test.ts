import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../../agent/config/read-config.ts'
import {
  listener,
  method,
  minimal,
  supervised,
  template,
  tls,
  value,
} from '../../../support/agent-settings.ts'

test('defaults are those of Vault Agent', () => {
  expect(value({})).toMatchObject({
    vault: { address: 'https://127.0.0.1:8200', skipVerify: false, timeoutMs: 60_000 },
    auth: {
      method: { kind: 'kubernetes', role: 'app' },
      mountPath: 'auth/kubernetes',
      backoff: { minMs: 1000, maxMs: 300_000 },
    },
    sinks: [],
    templates: [
      {
        destination: '/a',
        engine: 'go',
        leftDelimiter: '{{',
        rightDelimiter: '}}',
        errorOnMissingKey: false,
        errorFatal: true,
        file: { mode: undefined, createDirectories: true, user: undefined, backup: false },
        command: undefined,
        wait: undefined,
        staleness: undefined,
      },
    ],
    variables: [],
    exec: undefined,
    listeners: [],
    cache: undefined,
    proxy: { useAutoAuthToken: 'no', prependConfiguredNamespace: false },
    exitAfterAuth: false,
    templating: {
      exitOnRetryFailure: false,
      exitOnRefreshFailure: true,
      staticIntervalMs: 300_000,
      renewalThreshold: 0.9,
      maxConnections: 10,
      retries: 12,
      backoff: { minMs: 250, maxMs: 60_000 },
    },
    log: {
      choice: { level: 'info', format: 'standard' },
      file: undefined,
      rotateBytes: 0,
      rotateMs: 86_400_000,
      rotateMaxFiles: 0,
    },
    telemetry: { prometheusRetentionMs: undefined, prefix: 'vault' },
    own: { statePath: undefined, templateRules: { variables: ['*'] }, revokeOnShutdown: false },
  })
})

describe('values', () => {
  test.each([
    [
      'one template without a list',
      { template: { destination: '/a', source: '/t' } },
      { templates: [{ body: { kind: 'source', path: '/t' } }] },
    ],
    [
      'config may be a list of one block',
      { auto_auth: [{ method: [{ ...method, config: [{ role: 'r' }] }] }] },
      { auth: { method: { role: 'r' } } },
    ],
    ['octal permissions', template({ perms: '0640' }), { templates: [{ file: { mode: 0o640 } }] }],
    ['a decimal mode', template({ perms: 420 }), { templates: [{ file: { mode: 0o644 } }] }],
    [
      'owners by name and number',
      template({ user: 'app', gid: 1000 }),
      { templates: [{ file: { user: 'app', group: '1000' } }] },
    ],
    [
      'owners that stay',
      template({ uid: -1, gid: -1 }),
      { templates: [{ file: { user: undefined, group: undefined } }] },
    ],
    [
      'a signal instead of a command',
      template({ signal_process: 'app', signal: 'sigusr1' }),
      { templates: [{ command: { process: 'app', signal: 'SIGUSR1' } }] },
    ],
    [
      'a signal that is not named',
      template({ signal_process: 'app' }),
      { templates: [{ command: { process: 'app', signal: 'SIGHUP' } }] },
    ],
    [
      'a command with commas',
      template({ command: 'kill,-HUP,1', command_timeout: '5s' }),
      { templates: [{ command: { words: ['kill', '-HUP', '1'], timeoutMs: 5000 } }] },
    ],
    [
      'a command as a list',
      template({ command: ['a,b', 'c'] }),
      { templates: [{ command: { words: ['a,b', 'c'], timeoutMs: 30_000 } }] },
    ],
    [
      'exec before command',
      template({ command: 'a', exec: { command: ['b'], timeout: '1m' } }),
      { templates: [{ command: { words: ['b'], timeoutMs: 60_000 } }] },
    ],
    ['no command', template({ command: '' }), { templates: [{ command: undefined }] }],
    [
      'a wait',
      template({ wait: { min: '1s', max: '2s' } }),
      { templates: [{ wait: { minMs: 1000, maxMs: 2000 } }] },
    ],
    [
      'a wait as text',
      template({ wait: '1s:10s' }),
      { templates: [{ wait: { minMs: 1000, maxMs: 10_000 } }] },
    ],
    [
      'a wait without an end',
      template({ wait: '1s' }),
      { templates: [{ wait: { minMs: 1000, maxMs: 4000 } }] },
    ],
    [
      'both names of the denied functions',
      template({ function_denylist: ['a'], function_blacklist: 'b' }),
      { templates: [{ limits: { deniedFunctions: ['a', 'b'] } }] },
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
      template({ engine: 'handlebars', left_delimiter: '{{', right_delimiter: '}}' }),
      { templates: [{ engine: 'handlebars' }] },
    ],
    [
      'staleness',
      template({ max_stale: '1h', max_stale_action: 'remove' }),
      { templates: [{ staleness: { maxMs: 3_600_000, action: 'remove' } }] },
    ],
    [
      'seconds without a unit',
      { template_config: { static_secret_render_interval: 90 } },
      { templating: { staticIntervalMs: 90_000 } },
    ],
    [
      'a negative interval is none',
      { template_config: { static_secret_render_interval: '-5s' } },
      { templating: { staticIntervalMs: 300_000 } },
    ],
    [
      'retries turned off',
      { vault: { retry: { num_retries: '-1' } } },
      { templating: { retries: -1 } },
    ],
    [
      'pauses of the method',
      { auto_auth: { method: { ...method, min_backoff: '2s', max_backoff: '10s' } } },
      { templating: { backoff: { minMs: 2000, maxMs: 10_000 } } },
    ],
    [
      'a longest pause below the shortest of reads',
      { auto_auth: { method: { ...method, min_backoff: '100ms', max_backoff: '200ms' } } },
      { templating: { backoff: { minMs: 100, maxMs: 200 } } },
    ],
    [
      'a shortest pause above the longest of reads',
      { auto_auth: { method: { ...method, min_backoff: '2m' } } },
      { templating: { backoff: { minMs: 120_000, maxMs: 120_000 } } },
    ],
    [
      'the address loses its slash',
      { vault: { address: 'http://v:1/' } },
      { vault: { address: 'http://v:1' } },
    ],
    ['a socket', { vault: { address: 'unix:///s' } }, { vault: { address: 'unix:///s' } }],
    ['the words of a log level', { log_level: ' WARNING' }, { log: { choice: { level: 'warn' } } }],
    [
      'subsystems, an empty one among them',
      { disable_idle_connections: ['caching', ''] },
      { connections: { withoutIdle: new Set(['caching']), withoutKeepAlive: new Set() } },
    ],
    ['telemetry', { telemetry: {} }, { telemetry: { prometheusRetentionMs: 86_400_000 } }],
    [
      'telemetry that retains nothing',
      { telemetry: { prometheus_retention_time: 0 } },
      { telemetry: { prometheusRetentionMs: undefined } },
    ],
    [
      'a listener',
      listener({ role: 'metrics_only', require_request_header: 'true' }),
      {
        listeners: [
          {
            address: { kind: 'tcp', host: '127.0.0.1', port: 1 },
            tls: undefined,
            role: 'metrics_only',
            requireRequestHeader: true,
          },
        ],
      },
    ],
    [
      'a listener on every address',
      listener({ address: ':8200' }),
      { listeners: [{ address: { kind: 'tcp', host: '', port: 8200 } }] },
    ],
    [
      'a listener of IPv6',
      listener({ address: '[::1]:8200' }),
      { listeners: [{ address: { kind: 'tcp', host: '::1', port: 8200 } }] },
    ],
    [
      'a socket as listener',
      listener({ type: 'unix', address: '/s', socket_mode: '0600', socket_user: 'app' }),
      { listeners: [{ address: { kind: 'unix', path: '/s', mode: 0o600, user: 'app' } }] },
    ],
    [
      'a listener with certificates',
      listener({
        ...tls,
        tls_min_version: 'tls13',
        tls_cipher_suites: 'TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256,TLS_AES_128_GCM_SHA256',
      }),
      {
        listeners: [
          {
            tls: {
              certPath: '/c',
              keyPath: '/k',
              minVersion: 'TLSv1.3',
              maxVersion: 'TLSv1.3',
              cipherSuites: ['ECDHE-RSA-AES128-GCM-SHA256', 'TLS_AES_128_GCM_SHA256'],
            },
          },
        ],
      },
    ],
    [
      'a cache that stays, and the state beside it',
      { cache: { persist: { type: 'kubernetes', path: '/cache/' } } },
      {
        cache: { persist: { path: '/cache/', keepAfterImport: false, exitOnError: false } },
        own: { statePath: '/cache/claviger-agent-state.json' },
      },
    ],
    [
      'the token of the older place',
      { ...listener({}), cache: { use_auto_auth_token: 'true' } },
      { proxy: { useAutoAuthToken: 'yes' } },
    ],
    [
      'the token in place of others',
      { ...listener({}), api_proxy: { use_auto_auth_token: 'FORCE' } },
      { proxy: { useAutoAuthToken: 'force' } },
    ],
    [
      'a process',
      supervised({ command: ['a', 'b'], restart_stop_signal: 'sigusr1' }),
      {
        variables: [{ name: 'A', body: { kind: 'contents', text: 'x' } }],
        exec: { words: ['a', 'b'], restartOnChange: true, stopSignal: 'SIGUSR1' },
      },
    ],
    [
      'a process that is not restarted',
      supervised({ command: ['a'], restart_on_secret_changes: 'never' }),
      { exec: { restartOnChange: false, stopSignal: 'SIGTERM' } },
    ],
    [
      'an own block',
      { claviger: { init_deadline: '1m30s', revoke_on_shutdown: true, revoke_grace: '5s' } },
      {
        own: {
          initDeadlineMs: 90_000,
          revokeOnShutdown: true,
          revokeGraceMs: 5000,
          templateRules: { policy: { file: { kind: 'denied' } } },
        },
        templating: { exitOnRefreshFailure: false },
      },
    ],
    ['generations', { claviger: { generations: '/a' } }, { own: { generations: ['/a'] } }],
  ])('%s', (_, changes, expected) => expect(value(changes)).toMatchObject(expected))

  test('nothing but a listener is no login', () => {
    const text = JSON.stringify({ ...listener({}), template: minimal.template })
    const parsed = readConfig(text, {})
    expect(parsed).toMatchObject({ kind: 'ok', value: { config: { auth: undefined } } })
  })
})
