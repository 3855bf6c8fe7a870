import { describe, expect, test } from '@jest/globals'
import { listener, loaded, method, read, template } from '../../../support/agent-settings.ts'

describe('warnings', () => {
  test.each([
    ['an unknown key', { surprise: 1 }, 'surprise', undefined],
    ['a key in the plural', { templates: [] }, 'templates', 'template'],
    ['a slip', { vault: { adress: 'x' } }, 'vault.adress', 'address'],
    [
      'a whole word mistaken',
      { template_config: { exit_after_retry_failure: true } },
      'template_config.exit_after_retry_failure',
      'exit_on_retry_failure',
    ],
    [
      'a key of the method',
      { auto_auth: { method: { ...method, exit_on_error: true } } },
      'auto_auth.method.exit_on_error',
      'exit_on_err',
    ],
    [
      'a key of an auth method',
      { auto_auth: { method: { ...method, config: { role: 'r', tokenpath: '/t' } } } },
      'auto_auth.method.config.tokenpath',
      'token_path',
    ],
    [
      'a key of an own block',
      { claviger: { state_pth: '/s' } },
      'claviger.state_pth',
      'state_path',
    ],
    [
      'traces that go nowhere',
      { claviger: { traces: { headers_path: '/h' } } },
      'claviger.traces.endpoint',
      'nothing is traced',
    ],
    [
      'a key of a block within it',
      { claviger: { traces: { endpont: 'http://c' } } },
      'claviger.traces.endpont',
      'endpoint',
    ],
    [
      'permissions that were meant octal',
      template({ perms: 640 }),
      'template[0].perms',
      'mode 1200',
    ],
    [
      'a number of nanoseconds',
      template({ command: 'a', command_timeout: 5 }),
      'template[0].command_timeout',
      'seconds',
    ],
    [
      'a wait that ends before it starts',
      template({ wait: { min: '5s', max: '2s' } }),
      'template[0].wait.max',
      'min',
    ],
    [
      'a threshold that is no part',
      { template_config: { lease_renewal_threshold: 1.5 } },
      'template_config.lease_renewal_threshold',
      '0.9',
    ],
    ['an unknown role', listener({ role: 'metrics' }), 'listener[0].role', 'default'],
    [
      'a key without effect',
      { telemetry: { statsd_address: 'x' } },
      'telemetry.statsd_address',
      'no effect',
    ],
    [
      'a key of an enterprise',
      { cache: { when_inconsistent: 'retry' } },
      'cache.when_inconsistent',
      'no effect',
    ],
  ])('%s', (_, changes, path, hint) => {
    expect(loaded(changes).warnings).toEqual([
      expect.objectContaining({
        path,
        code: 'config_warning',
        ...(hint === undefined ? {} : { hint: expect.stringContaining(hint) }),
      }),
    ])
  })

  test('none for what an injector writes', () => {
    const changes = {
      pid_file: '/p',
      exit_after_auth: true,
      cache: { use_auto_auth_token: 'true' },
      template_config: { exit_on_retry_failure: true, lease_renewal_threshold: 0.5 },
      disable_idle_connections: ['auto-auth'],
      ...listener({ agent_api: { enable_quit: true } }),
      ...template({ perms: '0640', error_on_missing_key: true, create_dest_dirs: true }),
    }
    expect(loaded(changes).warnings).toEqual([])
  })

  test('stand beside the errors that they explain', () => {
    const slip = { auto_auth: { method: { type: 'kubernetes', config: { rol: 'app' } } } }
    expect(read(slip)).toMatchObject({
      kind: 'issues',
      issues: [
        { code: 'config', path: 'auto_auth.method.config.role' },
        {
          code: 'config_warning',
          path: 'auto_auth.method.config.rol',
          hint: expect.stringContaining('role'),
        },
      ],
    })
  })
})
