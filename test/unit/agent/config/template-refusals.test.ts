import { expect, test } from '@jest/globals'
import { paths, supervised, template } from '../../../support/agent-settings.ts'

test.each([
  ['both contents and source', template({ source: '/t' }), 'template[0].contents'],
  [
    'a format without its secret',
    template({ contents: undefined, format: 'env' }),
    'template[0].secret',
  ],
  ['a format beside contents', template({ format: 'env', secret: 's' }), 'template[0].contents'],
  [
    'an engine beside a format',
    template({ contents: undefined, format: 'env', secret: 's', engine: 'go' }),
    'template[0].engine',
  ],
  ['a secret without a format', template({ secret: 's' }), 'template[0].secret'],
  [
    'an unknown format',
    template({ contents: undefined, format: 'envv', secret: 's' }),
    'template[0].format',
  ],
  ['an unknown engine', template({ engine: 'jinja' }), 'template[0].engine'],
  [
    'other delimiters for handlebars',
    template({ engine: 'handlebars', left_delimiter: '[[' }),
    'template[0].left_delimiter',
  ],
  [
    'a boolean as text in a template',
    template({ error_on_missing_key: 'true' }),
    'template[0].error_on_missing_key',
  ],
  [
    'a boolean as number in a template',
    template({ create_dest_dirs: 1 }),
    'template[0].create_dest_dirs',
  ],
  ['an unknown key in a template', template({ destinaton: '/x' }), 'template[0].destinaton'],
  [
    'an unknown key in a command',
    template({ exec: { command: ['a'], foo: 1 } }),
    'template[0].exec.foo',
  ],
  ['an unknown key in a wait', template({ wait: { min: '1s', foo: 1 } }), 'template[0].wait.foo'],
  [
    'a key of process supervision in a command',
    template({ exec: { command: ['a'], kill_signal: 'SIGTERM' } }),
    'template[0].exec.kill_signal',
  ],
  ['a command of numbers', template({ command: [5] }), 'template[0].command'],
  [
    'a timeout without its unit',
    template({ command: 'a', command_timeout: '5' }),
    'template[0].command_timeout',
  ],
  ['a wait the wrong way round', template({ wait: '5s:2s' }), 'template[0].wait'],
  ['an owner in quotes', template({ uid: '5' }), 'template[0].uid'],
  ['permissions that are not octal', template({ perms: '0888' }), 'template[0].perms'],
  ['permissions with a prefix', template({ perms: '0o644' }), 'template[0].perms'],
  ['permissions of too many bits', template({ perms: '17777' }), 'template[0].perms'],
  ['a signal for nobody', template({ signal: 'SIGHUP' }), 'template[0].signal_process'],
  [
    'a signal that does not exist',
    template({ signal: 'SIGHUPP', signal_process: 'app' }),
    'template[0].signal',
  ],
  [
    'a process with a directory',
    template({ signal_process: '/bin/app' }),
    'template[0].signal_process',
  ],
  [
    'a signal beside a command',
    template({ signal_process: 'app', command: 'reload' }),
    'template[0].signal_process',
  ],
  ['an action without a time', template({ max_stale_action: 'keep' }), 'template[0].max_stale'],
])('%s', (_, changes, path) => expect(paths(changes)).toEqual([path]))

test.each([
  'backup',
  'command',
  'command_timeout',
  'create_dest_dirs',
  'destination',
  'exec',
  'perms',
  'user',
  'uid',
  'group',
  'gid',
  'wait',
  'sandbox_path',
  'foo',
])('a variable has no %s', (key) => {
  const changes = supervised({ command: ['a'] }, { contents: 'x', [key]: '' })
  expect(paths(changes)).toEqual([`env_template[0].A.${key}`])
})
