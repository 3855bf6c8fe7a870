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
import { readPolicy } from '../../../webhook/policy/read-policy.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const chart = 'charts/claviger'
const read = (path: string) => readFileSync(path, 'utf8')
const template = (name: string) => read(join(chart, 'templates', name))

/** Files for the cluster: not the list of them, nor the values that they stand for. */
function listManifests(folder: string): readonly string[] {
  const others = ['kustomization.yaml', 'values.yaml']
  return readdirSync(folder)
    .filter((file) => !others.includes(file))
    .sort()
}

describe('the chart', () => {
  const values = Object(load(read(join(chart, 'values.yaml'))))

  test('every argument and variable is of the table, and all but a few can be set', () => {
    const text = template('_arguments.tpl')
    const names = [
      ...text.matchAll(/(?:^- -|"claviger\.argument" \(list "|"-)([a-z-]+)(?==|" )/gm),
    ].map(([, name = '']) => name)
    const variables = [...text.matchAll(/"(AGENT_INJECT_[A-Z_]+)"/g)].map(([, name = '']) => name)
    expect(names.filter((name) => findFlag(name) === undefined)).toEqual([])
    expect(variables.filter((name) => flagRows.every(({ env }) => env !== name))).toEqual([])
    const unset = flagRows.filter(
      ({ name, env }) => !variables.includes(env) && !names.includes(name),
    )
    // What a stock chart sets.
    expect(unset.map(({ name }) => name)).toEqual(['use-leader-elector', 'pod-name'])
  })

  test('leaves every default of an agent to the profile', () => {
    const { agentDefaults, vaultCaCert, revokeOnShutdown, logFormat } = values.injector
    const { templateConfig, ...others } = agentDefaults
    const all = { ...others, ...templateConfig, vaultCaCert, revokeOnShutdown, logFormat }
    expect(Object.values(all).filter((value) => value !== '')).toEqual([])
  })

  test('the guard’s arguments are of its table, and it evicts only where it is asked to', () => {
    const names = [...template('guard.yaml').matchAll(/^ +- -([a-z-]+)=/gm)].map(
      ([, name = '']) => name,
    )
    expect(names.sort()).toEqual(guardFlagRows.map(({ name }) => name).sort())
    expect(values.guard).toMatchObject({ enabled: true, evict: false })
  })

  test('leaves out no namespace and no pod silently', () => {
    expect(values.injector).toMatchObject({ namespaceSelector: {}, objectSelector: {} })
    expect(read('manifests/base/mutating-webhook.yaml')).not.toMatch(
      /^ +(namespace|object)Selector:/m,
    )
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
    expect([...listed].sort()).toEqual(listManifests('manifests/base'))
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
    const { resources = [], patches } = component
    const patched = patches.flatMap(({ path }: { readonly path?: string }) => path ?? [])
    expect([...resources, ...patched].sort()).toEqual(listManifests(folder))
  })
})

describe.each(['namespace-defaults', 'policy', 'guard-eviction'])(
  'the kustomize component %s',
  (name) => {
    test('gives the program a flag that it takes', () => {
      const component = Object(load(read(`manifests/components/${name}/kustomization.yaml`)))
      const [{ target, patch }] = component.patches
      const [command, ...args] = argumentsOf(target.name)
      const readFlags = command === 'guard' ? readGuardConfig : readConfig
      const operations = Object(load(patch))
      const [flag] = operations.map(({ value }: { readonly value: unknown }) => value)
      expect(readFlags([...args, flag], {}).kind).toBe('ok')
      expect(readFlags(args, {})).not.toEqual(readFlags([...args, flag], {}))
    })
  },
)

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
    expect(loadAll(outputs[0]?.output ?? '')).toHaveLength(loadAll(source.text).length)
  })
})
