/** What our own agent is asked to do with files, and a stock one cannot. */
import { describe, expect, test } from '@jest/globals'
import type { WebhookDefaults } from '../../../../webhook/inject/profiles.ts'
import { type Annotations, inject, ours, refused, stock } from '../../../support/own-agent.ts'

describe('how old a file may become', () => {
  const secrets = { 'agent-inject-secret-b': 'secret/b', 'agent-inject-max-stale-b': '90m' }
  const keys = (given: Annotations) =>
    inject(given).sidecar.template.map(
      ({ max_stale: max, max_stale_action: action }: Readonly<Record<string, unknown>>) => [
        max,
        action,
      ],
    )

  test.each<[Annotations, unknown]>([
    [secrets, ['90m', 'keep']],
    [{ ...secrets, 'agent-max-stale-action': 'exit' }, ['90m', 'exit']],
    [{ ...secrets, 'agent-inject-max-stale-b': '' }, [undefined, undefined]],
  ])('%j', (given, expected) => {
    expect(keys(given)).toEqual([[undefined, undefined], expected])
  })

  test.each<[Annotations, WebhookDefaults, RegExp]>([
    [
      { 'agent-max-stale-action': 'exit' },
      ours,
      /action has no effect without .*agent-inject-max-stale-<name>/,
    ],
    [{ 'agent-inject-max-stale-c': '1h' }, ours, /max-stale-c has no effect without .*secret-c/],
    [{ 'agent-inject-max-stale-a': '1h' }, stock, /max-stale-a has no effect on the stock agent/],
    [{ 'agent-atomic-secrets': 'true' }, stock, /atomic-secrets has no effect on the stock agent/],
    [{ 'agent-hibernate': 'false' }, stock, /hibernate has no effect on the stock agent/],
  ])('%j earns a warning', (given, defaults, warning) => {
    expect(inject(given, {}, defaults).warnings).toEqual([expect.stringMatching(warning)])
  })

  test.each([
    'agent-inject-max-stale-a',
    'agent-max-stale-action',
    'agent-atomic-secrets',
    'agent-hibernate',
  ])('%s must make sense', (key) => {
    expect(refused({ [key]: '-1' })).toEqual([key])
  })
})

describe('a signal after a change', () => {
  const signal = { 'agent-inject-signal-a': 'nginx' }

  test('goes to the process of that name', () => {
    expect(inject(signal).sidecar.template).toEqual([
      expect.objectContaining({ signal_process: 'nginx' }),
    ])
  })

  test('gives way to a command, with a warning', () => {
    const { sidecar, warnings } = inject({ ...signal, 'agent-inject-command-a': 'reload' })
    expect(sidecar.template[0]).toMatchObject({ command: 'reload' })
    expect(sidecar.template[0]).not.toHaveProperty('signal_process')
    expect(warnings).toEqual([expect.stringMatching(/signal-a has no effect beside .*command-a/)])
  })

  test('needs a name without a directory', () => {
    expect(refused({ 'agent-inject-signal-a': '/usr/sbin/nginx' })).toEqual([
      'agent-inject-signal-a',
    ])
  })
})

test('agent-atomic-secrets names the directories of the secrets to both containers', () => {
  const { init, sidecar } = inject({
    'agent-atomic-secrets': 'true',
    'agent-inject-secret-b': 'secret/b',
    'secret-volume-path-b': '/etc/b',
  })
  const generations = ['/vault/secrets', '/etc/b']
  expect(init.claviger).toMatchObject({ generations })
  expect(sidecar.claviger).toMatchObject({ generations })
  expect(inject({}).sidecar.claviger).not.toHaveProperty('generations')
})

describe('agent-hibernate', () => {
  test('"false" keeps the process of the sidecar', () => {
    const { init, sidecar } = inject({ 'agent-hibernate': 'false' })
    expect(sidecar.claviger).toMatchObject({ hibernate: false })
    expect(init.claviger).not.toHaveProperty('hibernate')
  })

  test.each([{}, { 'agent-hibernate': 'true' }])('%j leaves it to the agent', (given) => {
    expect(inject(given).sidecar.claviger).not.toHaveProperty('hibernate')
  })

  test('says nothing to an agent whose configuration is in a ConfigMap', () => {
    const { warnings } = inject({ 'agent-hibernate': 'false', 'agent-configmap': 'mine' })
    expect(warnings).toEqual([expect.stringMatching(/hibernate has no effect beside .*configmap/)])
  })
})
