/** Chart, kustomize base and examples against the tables they repeat. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, test } from '@jest/globals'
import { load, loadAll } from 'js-yaml'
import { injectManifests } from '../../../cli/inject.ts'
import { podKinds } from '../../../cli/manifests/pod-kinds.ts'
import { readConfig } from '../../../webhook/config/config.ts'
import { findFlag, flagRows } from '../../../webhook/config/flags.ts'
import { readGuardConfig } from '../../../webhook/guard/config.ts'
import { guardFlagRows } from '../../../webhook/guard/flags.ts'
import { prefixes } from '../../../webhook/inject/annotations/annotation.ts'
import { readPolicy } from '../../../webhook/policy/read-policy.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const chart = 'charts/claviger'
const read = (path: string) => readFileSync(path, 'utf8')
const template = (name: string) => read(join(chart, 'templates', name))

interface Schema {
  readonly type?: string
  readonly properties?: Readonly<Record<string, Schema>>
  readonly additionalProperties?: unknown
}

/** Paths of the settings that have a place in the schema's `properties`. */
function listSchema({ properties = {} }: Schema, path = ''): readonly string[] {
  return Object.entries(properties).flatMap(([name, schema]) =>
    schema.properties === undefined ? [`${path}${name}`] : listSchema(schema, `${path}${name}.`),
  )
}

/** The same of the values, as deep as the schema goes. */
function listValues(values: object, schema: Schema, path = ''): readonly string[] {
  return Object.entries(values).flatMap(([name, value]) => {
    const inner = schema.properties?.[name]
    return inner?.properties === undefined
      ? [`${path}${name}`]
      : listValues(Object(value), inner, `${path}${name}.`)
  })
}

/** What the message about an unknown setting lists. */
function settingsOf(policy: string): readonly string[] {
  const parsed = readPolicy(policy)
  const issues = parsed.kind === 'issues' ? parsed.issues : []
  const { expected = '' } = issues.find(({ path }) => path.endsWith('x')) ?? {}
  return expected.replace('one of the settings ', '').split(', ').sort()
}

describe('the chart', () => {
  const schema: Schema = JSON.parse(read(join(chart, 'values.schema.json')))
  const values = Object(load(read(join(chart, 'values.yaml'))))

  test('values and schema name the same settings', () => {
    const known = listSchema(schema).filter((path) => path !== 'global')
    expect([...listValues(values, schema)].sort()).toEqual([...known].sort())
  })

  test('every setting is used by a template, and every template setting exists', () => {
    const text = readdirSync(join(chart, 'templates')).map(template).join('\n')
    const used = [...text.matchAll(/(?:\$|\.Values\.)(injector|guard)\.([a-zA-Z.]+)/g)].map(
      ([, part, path]) => `${part}.${path}`,
    )
    const known = listSchema(schema)
    const whole = ['injector.image', 'injector.agentImage']
    expect(used.filter((path) => !known.includes(path) && !whole.includes(path))).toEqual([])
    const unused = known.filter(
      (path) => /^(injector|guard)\./.test(path) && !used.some((use) => path.startsWith(use)),
    )
    expect(unused).toEqual([])
  })

  test('every argument and variable is of the table, and all but a few can be set', () => {
    const text = template('deployment.yaml')
    const names = [
      ...text.matchAll(/(?:^ +- -|"claviger\.argument" \(list ")([a-z-]+)(?==|" )/gm),
    ].map(([, name = '']) => name)
    const variables = [...text.matchAll(/- name: ([A-Z_]+)$/gm)].map(([, name = '']) => name)
    expect(names.filter((name) => findFlag(name) === undefined)).toEqual([])
    expect(variables.filter((name) => flagRows.every(({ env }) => env !== name))).toEqual([])
    const unset = flagRows.filter(
      ({ name, env }) => !variables.includes(env) && !names.includes(name),
    )
    // The last one is what a stock chart sets; the CA of a Secret of yours is yours to publish.
    expect(unset.map(({ name }) => name)).toEqual([
      'use-leader-elector',
      'tls-ca-cert-file',
      'pod-name',
    ])
  })

  test('leaves every default of an agent to the profile', () => {
    const { agentDefaults, vaultCaCert, revokeOnShutdown, logFormat } = values.injector
    const { templateConfig, ...others } = agentDefaults
    const all = { ...others, ...templateConfig, vaultCaCert, revokeOnShutdown, logFormat }
    expect(Object.values(all).filter((value) => value !== '')).toEqual([])
  })

  test('no caBundle and no data is rendered, so no upgrade can reset them', () => {
    const fields = /^\s*(caBundle|data|stringData|binaryData):/m
    expect(template('mutating-webhook.yaml')).not.toMatch(fields)
    expect(template('certs-secret.yaml')).not.toMatch(fields)
  })

  test('its permissions are two verbs on two objects by name, and on namespaces when they are watched', () => {
    const [always = '', watching = ''] = template('rbac.yaml').split(
      '{{- if .Values.injector.namespaceDefaults.enabled }}',
    )
    const rules = [...always.matchAll(/resources: (.*)\n +resourceNames: (.*)\n +verbs: (.*)/g)]
    expect(rules.map(([, resources, , verbs]) => [resources, verbs])).toEqual([
      ['[secrets]', '[get, patch]'],
      ['[mutatingwebhookconfigurations]', '[get, patch]'],
    ])
    expect(always.match(/verbs:/g)).toHaveLength(2)
    expect(
      [...watching.matchAll(/resources: (.*)\n +verbs: (.*)/g)].map(([, ...rule]) => rule),
    ).toEqual([['[namespaces]', '[list, watch]']])
    expect(watching.match(/verbs:/g)).toHaveLength(1)
    expect(values.injector.namespaceDefaults.enabled).toBe(false)
  })

  test('the guard’s arguments are of its table, and its permissions are to see pods, or to evict them too', () => {
    const text = template('guard.yaml')
    const names = [
      ...text.matchAll(/(?:^ +- -|"claviger\.argument" \(list ")([a-z-]+)(?==|" )/gm),
    ].map(([, name = '']) => name)
    expect(names.sort()).toEqual(guardFlagRows.map(({ name }) => name).sort())
    const rules = [...text.matchAll(/resources: (\[.*)\n +verbs: (.*)/g)].map(([, ...rule]) => rule)
    expect(rules).toEqual([
      ['[pods]', '[list, watch]'],
      ['[pods/eviction]', '[create]'],
    ])
    expect(text.indexOf('if .Values.guard.evict')).toBeLessThan(text.indexOf('pods/eviction'))
    expect(values.guard).toMatchObject({ enabled: true, evict: false })
  })

  test('leaves out no namespace and no pod silently', () => {
    expect(values.injector).toMatchObject({ namespaceSelector: {}, objectSelector: {} })
    expect(read('manifests/base/mutating-webhook.yaml')).not.toMatch(
      /^ +(namespace|object)Selector:/m,
    )
  })

  test('the schema of the policy knows the settings that the webhook knows', () => {
    const { patternProperties } = Object(schema.properties?.['injector']?.properties?.['policy'])
    const known = Object.keys(patternProperties).map((pattern) => pattern.slice(1, -1))
    expect(settingsOf('x: 1')).toEqual(known.sort())
    const rule = Object.keys(patternProperties['^rules$'].items.properties)
    expect(settingsOf('rules: [{ x: 1 }]')).toEqual(rule.sort())
  })
})

describe('the webhook configuration', () => {
  test.each([
    ['chart', template('mutating-webhook.yaml')],
    ['kustomize base', read('manifests/base/mutating-webhook.yaml')],
  ])('of the %s lets exactly the pods through that ask under one of the prefixes', (_, text) => {
    const keys = [...text.matchAll(/'([^']+\/agent-inject)'/g)].map(([, key]) => key)
    expect(keys).toEqual(prefixes.map((prefix) => `${prefix}agent-inject`))
  })
})

/** Of the program in that Deployment of the kustomize base. */
function argumentsOf(deployment: string): readonly string[] {
  const file = `manifests/base/${deployment === 'claviger-guard' ? 'guard' : 'deployment'}.yaml`
  const found = loadAll(read(file))
    .map(Object)
    .find(({ kind }) => kind === 'Deployment')
  expect(found.metadata.name).toBe(deployment)
  return found.spec.template.spec.containers[0].args
}

describe('the kustomize base', () => {
  const listed = Object(load(read('manifests/base/kustomization.yaml'))).resources

  test('lists every file', () => {
    const files = readdirSync('manifests/base').filter((file) => file !== 'kustomization.yaml')
    expect([...listed].sort()).toEqual(files.sort())
  })

  test('starts the webhook with a configuration that it takes', () => {
    const [command, ...args] = argumentsOf('claviger-webhook')
    expect(command).toBe('agent-inject')
    expect(readConfig(args, {})).toMatchObject({
      kind: 'ok',
      value: { tls: { source: { kind: 'generated' } } },
    })
  })

  test('starts the guard with a configuration that it takes, and lets it evict nothing', () => {
    const [command, ...args] = argumentsOf('claviger-guard')
    expect(command).toBe('guard')
    expect(readGuardConfig(args, {})).toMatchObject({ kind: 'ok', value: { evict: false } })
  })
})

describe.each(readdirSync('manifests/components'))('the kustomize component %s', (name) => {
  const folder = join('manifests/components', name)
  const component = Object(load(read(join(folder, 'kustomization.yaml'))))

  test('lists every file', () => {
    const files = readdirSync(folder).filter((file) => file !== 'kustomization.yaml')
    expect(component.resources).toEqual(files)
  })

  test('gives the program a flag that it takes', () => {
    const [{ target, patch }] = component.patches
    const [command, ...args] = argumentsOf(target.name)
    const read = command === 'guard' ? readGuardConfig : readConfig
    const operations = Object(load(patch))
    const [flag] = operations.map(({ value }: { readonly value: unknown }) => value)
    expect(read([...args, flag], {}).kind).toBe('ok')
    expect(read(args, {})).not.toEqual(read([...args, flag], {}))
  })
})

test('the policy of the component is one that the webhook takes', () => {
  const { data } = Object(load(read('manifests/components/policy/policy.yaml')))
  expect(readPolicy(data['policy.yaml']).kind).toBe('ok')
})

describe.each(readdirSync('manifests/examples'))('the example %s', (file) => {
  const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
  const source = { path: file, text: read(join('manifests/examples', file)) }
  const options = { defaults, kinds: podKinds, namespace: 'default' }
  const { outputs, findings } = injectManifests([source], options)

  test('is injected without a problem or a warning', () => {
    expect(findings).toEqual([])
    expect(outputs[0]?.output).toContain('vault-agent-init')
    expect(loadAll(outputs[0]?.output ?? '')).toHaveLength(2)
  })
})
