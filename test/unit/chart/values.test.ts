/** values.yaml, and what is made from it. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { load } from 'js-yaml'
import { storeTypeNames } from '../../../core/stores/settings/store-types.ts'
import { renderSchema, renderTable } from '../../../scripts/chart/render-values.ts'
import { valueTypes } from '../../../scripts/chart/value-types.ts'
import { readValuesFile, type Value } from '../../../scripts/chart/values-file.ts'
import { readPolicy } from '../../../webhook/policy/read-policy.ts'
import { listSchemaProblems } from '../../support/conversion.ts'
import { expectGenerated, expectGeneratedPart } from '../../support/generated.ts'

const chart = 'charts/claviger'
const text = readFileSync(join(chart, 'values.yaml'), 'utf8')
const tree = readValuesFile(text)
const leaves = listLeaves(tree)

function listLeaves(values: readonly Value[]): readonly Value[] {
  return values.flatMap((value) =>
    value.members.length === 0 ? [value] : [value, ...listLeaves(value.members)],
  )
}

const nested = (path: string, value: unknown): unknown =>
  path.split('.').reduceRight<unknown>((inner, key) => ({ [key]: inner }), value)

describe('what is made from values.yaml', () => {
  test('the schema; UPDATE_GOLDEN=1 writes it', () => {
    expectGenerated(join(chart, 'values.schema.json'), renderSchema(tree))
  })

  test('the table of README.md; UPDATE_GOLDEN=1 writes it', () => {
    expectGeneratedPart(join(chart, 'README.md'), 'values', renderTable(tree))
  })

  test('every value is described, and every type is used', () => {
    const plain = leaves.filter(({ members, description }) => members.length === 0 && !description)
    expect(plain.map(({ path }) => path.join('.'))).toEqual([])
    const used = new Set(leaves.map(({ type }) => type))
    expect(Object.keys(valueTypes).filter((type) => !used.has(type))).toEqual([])
  })
})

describe('the schema', () => {
  test('takes the defaults', () => {
    expect(listSchemaProblems(load(text))).toEqual([])
  })

  test.each([
    'globl.enabled',
    'global.externalVaultAdr',
    'injector.replica',
    'injector.image.repo',
    'injector.agentDefaults.cpuRequests',
    'injector.agentDefaults.templateConfig.exit',
    'injector.webhook.failure',
    'injector.certs.caBundel',
    'injector.certs.certManager.issuer',
    'injector.livenessProbe.path',
    'injector.policy.rule',
  ])('refuses the misspelt %s', (path) => {
    expect(listSchemaProblems(nested(path, 'x'))).not.toEqual([])
  })

  test.each([
    'server.anything.at.all',
    'csi.x',
    'ui.x',
    'serverTelemetry.x',
    'global.serverTelemetry.x',
    'global.psp.x',
    'injector.leaderElector.x',
  ])('takes %s, which has no effect', (path) => {
    expect(listSchemaProblems(nested(path, 1))).toEqual([])
  })

  test.each([
    ['injector.logLevel', 'Debug', 'verbose'],
    ['injector.enabled', 'true', 'yes'],
    ['injector.agentDefaults.cpuLimit', 1, '1 core'],
    ['injector.nodeSelector', 'a: b', [1]],
    ['injector.annotations', { a: '1' }, { a: 1 }],
    ['injector.webhook.timeoutSeconds', 30, 31],
    ['injector.webhook.objectSelector', 'matchLabels: {}', 3],
    ['injector.agentDefaults.runAsUser', 'auto', 'root'],
    ['global.imagePullSecrets', ['a', { name: 'b' }], 'a'],
    ['global.externalVaultAddr', 'https://v:8200', 'v:8200'],
    ['injector.livenessProbe', { periodSeconds: 3 }, { periodSeconds: '3' }],
    ['injector.stores', { prod: 'aws region=r', x: { type: 'ssm' } }, { prod: { typ: 'aws' } }],
    ['injector.stores.prod.settings', { fips: true, tags: { a: 1 }, x: ['b'] }, { tags: [{}] }],
    ['injector.stores', { prod: {} }, { Prod: {} }],
  ])('of %s takes %j and refuses %j', (path, good, bad) => {
    expect(listSchemaProblems(nested(path, good))).toEqual([])
    expect(listSchemaProblems(nested(path, bad))).not.toEqual([])
  })

  test('of the stores knows the types that the webhook knows', () => {
    for (const type of storeTypeNames) {
      expect(listSchemaProblems(nested('injector.stores.x.type', type))).toEqual([])
    }
    expect(listSchemaProblems(nested('injector.stores.x.type', 'azzure'))).not.toEqual([])
  })

  test('of the policy knows the settings that the webhook knows', () => {
    const { policy } = valueTypes
    const { properties } = Object(policy)
    expect(settingsOf('x: 1')).toEqual(Object.keys(properties).sort())
    const rule = Object.keys(properties.rules.items.properties)
    expect(settingsOf('rules: [{ x: 1 }]')).toEqual(rule.sort())
  })
})

/** What the message about an unknown setting lists. */
function settingsOf(policy: string): readonly string[] {
  const parsed = readPolicy(policy)
  const issues = parsed.kind === 'issues' ? parsed.issues : []
  const { expected = '' } = issues.find(({ path }) => path.endsWith('x')) ?? {}
  return expected.replace('one of the settings ', '').split(', ').sort()
}

describe('the templates', () => {
  const files = readdirSync(join(chart, 'templates'))
  const all = files.map((file) => readFileSync(join(chart, 'templates', file), 'utf8')).join('\n')

  test('name no value that there is not', () => {
    const known = leaves.map(({ path }) => path.join('.'))
    const used = [...all.matchAll(/(?:\$injector|\.Values)\.([a-zA-Z.]+)/g)].map(
      ([match, path = '']) => (match.startsWith('$injector') ? `injector.${path}` : path),
    )
    expect(used.filter((path) => !known.includes(path))).toEqual([])
    expect(used.length).toBeGreaterThan(50)
  })

  test('name every value', () => {
    const silent = leaves
      .filter(({ members }) => members.length === 0)
      .map(({ path }) => path)
      .filter(
        (path) => !path.some((_, at) => at > 0 && all.includes(`.${path.slice(at).join('.')}`)),
      )
      .map((path) => path.join('.'))
      .filter((path) => !all.includes(`"${path}"`) && !all.includes(`.Values.${path}`))
    expect(silent).toEqual([])
  })
})
