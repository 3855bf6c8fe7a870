import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../../agent/config/read-config.ts'
import { listener, method, paths, read, supervised, tls } from '../../../support/agent-settings.ts'

describe('problems', () => {
  test.each([
    ['broken JSON', '{\n  "a"', 'configuration:2:6'],
    ['a list', '[]', 'configuration:1:1'],
  ])('%s', (_, text, path) => {
    expect(readConfig(text, {})).toMatchObject({ kind: 'issues', issues: [{ path }] })
  })

  test.each([
    [
      'a role of another type',
      { auto_auth: { method: { ...method, config: { role: 1 } } } },
      'auto_auth.method.config.role',
    ],
    [
      'a collector without a scheme',
      { claviger: { traces: { endpoint: 'c:4318' } } },
      'claviger.traces.endpoint',
    ],
    [
      'two places for traces',
      { claviger: { traces: [{ endpoint: 'http://a' }, { endpoint: 'http://b' }] } },
      'claviger.traces',
    ],
    ['a deadline in words', { claviger: { init_deadline: 'soon' } }, 'claviger.init_deadline'],
    [
      'a duration in words',
      { template_config: { static_secret_render_interval: 'soon' } },
      'template_config.static_secret_render_interval',
    ],
    ['a boolean as text', { exit_after_auth: 'true' }, 'exit_after_auth'],
    [
      'a boolean as text in template_config',
      { template_config: { exit_on_retry_failure: 'true' } },
      'template_config.exit_on_retry_failure',
    ],
    ['an address without a scheme', { vault: { address: 'vault:8200' } }, 'vault.address'],
    ['a certificate without its key', { vault: { client_cert: '/c' } }, 'vault.client_key'],
    ['a boolean that is none', { vault: { tls_skip_verify: 'yes' } }, 'vault.tls_skip_verify'],
    [
      'a fraction of a retry',
      { vault: { retry: { num_retries: 1.5 } } },
      'vault.retry.num_retries',
    ],
    ['a block that is a string', { vault: 'http://v' }, 'vault'],
    ['two blocks of one kind', { vault: [{}, {}] }, 'vault'],
    ['an unknown log level', { log_level: 'loud' }, 'log_level'],
    ['a text as a list', { disable_keep_alives: 'caching' }, 'disable_keep_alives'],
    ['a listener of no type', listener({ type: undefined }), 'listener[0].type'],
    ['a listener of an unknown type', listener({ type: 'udp' }), 'listener[0].type'],
    ['a listener without a port', listener({ address: '127.0.0.1' }), 'listener[0].address'],
    ['a port too high', listener({ address: '127.0.0.1:70000' }), 'listener[0].address'],
    [
      'a listener without a key',
      listener({ ...tls, tls_key_file: undefined }),
      'listener[0].tls_key_file',
    ],
    [
      'an unknown version of TLS',
      listener({ ...tls, tls_min_version: 'tls99' }),
      'listener[0].tls_min_version',
    ],
    [
      'versions the wrong way round',
      listener({ ...tls, tls_min_version: 'tls13', tls_max_version: 'tls12' }),
      'listener[0].tls_min_version',
    ],
    [
      'an unknown cipher suite',
      listener({ tls_cipher_suites: 'foo' }),
      'listener[0].tls_cipher_suites',
    ],
    [
      'client certificates both demanded and not',
      listener({
        ...tls,
        tls_require_and_verify_client_cert: true,
        tls_disable_client_certs: true,
      }),
      'listener[0].tls_disable_client_certs',
    ],
    [
      'a text for enable_quit',
      listener({ agent_api: { enable_quit: 'true' } }),
      'listener[0].agent_api.enable_quit',
    ],
    [
      'a persistent cache without a path',
      { cache: { persist: { type: 'kubernetes' } } },
      'cache.persist.path',
    ],
    [
      'a persistent cache of another type',
      { cache: { persist: { type: 'x', path: '/p' } } },
      'cache.persist.type',
    ],
    [
      'an unknown use of the token',
      { ...listener({}), cache: { use_auto_auth_token: 'x' } },
      'cache.use_auto_auth_token',
    ],
    ['a process as text', supervised({ command: 'a' }), 'exec.command'],
    ['an empty process', supervised({ command: [] }), 'exec.command'],
    ['a key that exec does not have', supervised({ command: ['a'], comand: 'x' }), 'exec.comand'],
    [
      'an unknown restart',
      supervised({ command: ['a'], restart_on_secret_changes: 'Never' }),
      'exec.restart_on_secret_changes',
    ],
    [
      'an unknown signal',
      supervised({ command: ['a'], restart_stop_signal: 'SIGFOO' }),
      'exec.restart_stop_signal',
    ],
    ['a relative generation', { claviger: { generations: ['a'] } }, 'claviger.generations'],
  ])('%s', (_, changes, path) => expect(paths(changes)).toEqual([path]))

  test('come all at once and never quote the values of free text', () => {
    const parsed = read({ vault: { address: 'hunter2' }, template: [{ destination: '/x' }] })
    expect(parsed.kind === 'issues' && parsed.issues).toHaveLength(2)
    expect(JSON.stringify(parsed)).not.toContain('hunter2')
  })
})
