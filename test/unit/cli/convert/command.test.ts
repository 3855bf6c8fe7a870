import { describe, expect, test } from '@jest/globals'
import { findCommand } from '../../../../cli/convert/find-command.ts'
import { readCommand } from '../../../../cli/convert/read-command.ts'
import { buildValues, writeFlags } from '../../../../cli/convert/write.ts'
import { readConfig } from '../../../../webhook/config/config.ts'
import { listLost, listSchemaProblems, options } from '../../../support/conversion.ts'

describe('a command line and its environment', () => {
  const command = {
    args: [
      '2>&1',
      '-log-level',
      'debug',
      '--set-security-context=false',
      '-vault-image=x/y:1',
      '-use-leader-elector',
      '-tls-min-version=tls13',
      '-tls-auto=cfg',
      '-nosuch=1',
    ],
    variables: [
      ['AGENT_INJECT_LISTEN', ':8443'],
      ['AGENT_INJECT_VAULT_ADDR', 'https://v:8200'],
      ['AGENT_INJECT_LOG_LEVEL', 'warn'],
      ['AGENT_INJECT_CPU_LIMIT', ''],
      ['TLS_AUTO_HOSTS', 'a,b'],
      ['NAMESPACE', 'vault'],
      ['NO_PROXY', '10.0.0.0/8'],
    ] as const,
  }

  test('become values; variables beat flags; the rest is listed', () => {
    const { values, remarks } = buildValues(readCommand(command, options))
    expect(listSchemaProblems(values)).toEqual([])
    expect(values).toEqual({
      global: { externalVaultAddr: 'https://v:8200' },
      injector: {
        port: 8443,
        logLevel: 'warn',
        agentDefaults: { setSecurityContext: false },
        tls: { minVersion: 'tls13' },
        extraEnvironmentVars: { NO_PROXY: '10.0.0.0/8' },
      },
    })
    expect(listLost({ remarks })).toEqual(
      expect.arrayContaining([
        '-vault-image',
        '-use-leader-elector',
        '-nosuch',
        '-tls-auto',
        'AGENT_INJECT_CPU_LIMIT',
        'TLS_AUTO_HOSTS',
        'NAMESPACE',
      ]),
    )
  })

  test('become flags that the webhook takes', () => {
    const { text } = writeFlags(readCommand(command, options))
    const [name, ...args] = text.trimEnd().split('\n')
    expect(name).toBe('agent-inject')
    expect(readConfig(args, {})).toMatchObject({ kind: 'ok', value: { logLevel: 'warn' } })
  })

  test.each(['Deployment', 'List'])('are found in a %s', (kind) => {
    const deployment = {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      spec: {
        template: {
          spec: {
            containers: [
              { name: 'other', args: ['x'] },
              {
                name: 'sidecar-injector',
                args: ['agent-inject', '2>&1'],
                envFrom: [{ configMapRef: { name: 'c' } }],
                env: [
                  { name: 'AGENT_INJECT_LOG_LEVEL', value: 'debug' },
                  { name: 'AGENT_INJECT_VAULT_ADDR', valueFrom: { secretKeyRef: {} } },
                  { name: 'POD_NAME', valueFrom: { fieldRef: { fieldPath: 'metadata.name' } } },
                ],
              },
            ],
          },
        },
      },
    }
    const found = findCommand(
      kind === 'List' ? { kind, items: [{ kind: 'Service' }, deployment] } : deployment,
    )
    expect(found?.command).toEqual({
      args: ['2>&1'],
      variables: [['AGENT_INJECT_LOG_LEVEL', 'debug']],
    })
    expect(found?.unread.flatMap(listLost)).toEqual([
      'AGENT_INJECT_VAULT_ADDR',
      'POD_NAME',
      'envFrom 1',
    ])
  })

  test('are not found where there are none', () => {
    expect(findCommand({ kind: 'Deployment', spec: {} })).toBeUndefined()
    expect(findCommand({ injector: {} })).toBeUndefined()
  })
})
