import { describe, expect, test } from '@jest/globals'
import { readConfig } from '../../../../agent/config/read-config.ts'
import {
  narrowPolicy,
  type TemplateRules,
  templateEnvironment,
} from '../../../../agent/config/template-policy.ts'
import { restrictedPolicy, stockPolicy } from '../../../../core/template/policy.ts'
import { agentConfig } from '../../../support/agent-fixtures.ts'

const rulesOf = (block: Readonly<Record<string, unknown>>): TemplateRules =>
  agentConfig({ claviger: { template_policy: block } }).own.templateRules

describe('claviger.template_policy', () => {
  test.each([
    ['absent', {}, restrictedPolicy],
    ['stock', { preset: 'stock' }, stockPolicy],
    ['directories', { file: ['/etc/app'] }, { file: { kind: 'roots', roots: ['/etc/app'] } }],
    ['any file', { file: '*' }, { file: { kind: 'anywhere' } }],
    [
      'stock without programs',
      { preset: 'stock', plugin: false },
      { ...stockPolicy, plugin: false },
    ],
    ['stock without files', { preset: 'stock', file: [] }, { file: { kind: 'denied' } }],
    [
      'written files',
      { write_to_file: ['/out'] },
      { writeToFile: { kind: 'roots', roots: ['/out'] } },
    ],
    ['functions', { denied_functions: ['sprig_*'] }, { deniedFunctions: ['sprig_*'] }],
    ['network', { network: 'true' }, { network: true }],
  ])('%s', (_, block, policy) => {
    expect(rulesOf(block).policy).toMatchObject(policy)
  })

  test('every mistake is reported with its place', () => {
    const parsed = readConfig(
      JSON.stringify({
        claviger: {
          template_policy: { preset: 'x', file: ['relative'], plugin: 'maybe', environment: [1] },
        },
      }),
      {},
    )
    const paths = parsed.kind === 'issues' ? parsed.issues.map(({ path }) => path) : []
    expect(paths).toEqual(
      expect.arrayContaining(
        ['preset', 'file', 'plugin', 'environment'].map((key) => `claviger.template_policy.${key}`),
      ),
    )
  })
})

describe('what env shows', () => {
  const environment = {
    POD_NAME: 'app-0',
    NAMESPACE: 'shop',
    HOME: '/',
    APP_MODE: 'x',
    VAULT_CONFIG: 'configuration',
    VAULT_TOKEN: 'token',
    GITHUB_TOKEN: 'token',
    OTEL_EXPORTER_OTLP_HEADERS: 'x-key=token',
    MISSING: undefined,
  }
  const secret = ['VAULT_CONFIG', 'VAULT_TOKEN', 'GITHUB_TOKEN', 'OTEL_EXPORTER_OTLP_HEADERS']
  const shown = (block: Readonly<Record<string, unknown>>) => [
    ...templateEnvironment(rulesOf(block), environment).keys(),
  ]

  test('the downward API, and what the policy names', () => {
    expect(shown({})).toEqual(['POD_NAME', 'NAMESPACE'])
    expect(shown({ environment: ['APP_*'] })).toEqual(['POD_NAME', 'NAMESPACE', 'APP_MODE'])
  })

  test.each([[{ preset: 'stock' }], [{ environment: ['*'] }], [{ environment: secret }]])(
    'never the configuration or a token: %j',
    (block) => {
      for (const name of secret) {
        expect(shown(block)).not.toContain(name)
      }
    },
  )
})

describe('a template’s own limits', () => {
  const narrowed = (policy: typeof stockPolicy, sandboxPath: string | undefined) =>
    narrowPolicy(policy, { deniedFunctions: ['env'], sandboxPath })

  test('narrow the policy and never widen it', () => {
    const roots = (...paths: readonly string[]) => ({ kind: 'roots', roots: paths }) as const
    expect(narrowed(stockPolicy, '/etc').file).toEqual(roots('/etc'))
    expect(narrowed({ ...stockPolicy, file: roots('/etc') }, '/etc/app').file).toEqual(
      roots('/etc/app'),
    )
    expect(narrowed({ ...stockPolicy, file: roots('/etc') }, '/').file).toEqual({ kind: 'denied' })
    expect(narrowed({ ...stockPolicy, file: roots('/etc') }, '/etc/../root').file).toEqual({
      kind: 'denied',
    })
    expect(narrowed(restrictedPolicy, '/').file).toEqual({ kind: 'denied' })
    expect(narrowed({ ...stockPolicy, deniedFunctions: ['a'] }, undefined)).toMatchObject({
      file: { kind: 'anywhere' },
      deniedFunctions: ['a', 'env'],
    })
  })
})
