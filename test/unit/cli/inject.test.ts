import { describe, expect, test } from '@jest/globals'
import { loadAll } from 'js-yaml'
import { injectManifests } from '../../../cli/inject.ts'
import { mutate } from '../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { createDefaults } from '../../../webhook/inject/profiles.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const annotations = { 'claviger.dev/agent-inject': 'true', 'claviger.dev/role': 'app' }
const template = { metadata: { annotations }, spec: { containers: [{ name: 'app' }] } }

/** Names of the containers that the pod at `path` has afterwards. */
function containersOf(document: unknown, path: readonly string[]): readonly string[] {
  const pod = path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), document)
  return JSON.parse(JSON.stringify(pod)).spec.containers.map(({ name }: { name: string }) => name)
}

describe('injectManifests', () => {
  const spec = { template }
  test.each([
    ['Pod', { ...template }, []],
    ['Deployment', { spec }, ['spec', 'template']],
    ['StatefulSet', { spec }, ['spec', 'template']],
    ['DaemonSet', { spec }, ['spec', 'template']],
    ['ReplicaSet', { spec }, ['spec', 'template']],
    ['Job', { spec }, ['spec', 'template']],
    ['CronJob', { spec: { jobTemplate: { spec } } }, ['spec', 'jobTemplate', 'spec', 'template']],
  ])('%s', (kind, fields, path) => {
    const json = injectManifests(JSON.stringify({ kind, ...fields }), defaults)
    expect(json.problems).toEqual([])
    expect(containersOf(JSON.parse(json.output), path)).toEqual(['app', 'vault-agent'])
  })

  test('List', () => {
    const items = [{ kind: 'Service' }, { kind: 'Pod', ...template }]
    const { output } = injectManifests(JSON.stringify({ kind: 'List', items }), defaults)
    expect(containersOf(JSON.parse(output).items[1], [])).toEqual(['app', 'vault-agent'])
    expect(JSON.parse(output).items[0]).toEqual({ kind: 'Service' })
  })

  test('is what the webhook does', () => {
    const outcome = mutate(template, nameNamespace('default'), defaults)
    const { output } = injectManifests(JSON.stringify({ kind: 'Pod', ...template }), defaults)
    const patch = outcome.kind === 'injected' ? outcome.patch : []
    expect(patch.at(-2)).toMatchObject({ value: JSON.parse(output).spec.containers.at(-1) })
  })

  const pod = `kind: Pod
metadata:
  name: web
  annotations: { claviger.dev/agent-inject: 'true', claviger.dev/role: app }
spec:
  containers:
    - name: app
      args: [12:30, 'yes', 0644]
      stdin: yes
`

  test('what is not injected keeps its text, byte for byte', () => {
    const head =
      '# comment\nkind: ConfigMap # kept\ndata: {a: "1"}\n--- # next\nkind: Service\n---\n'
    const tail = '---\nkind: Pod\nspec: {containers: [{name: a}]}\n'
    const { output, problems } = injectManifests(head + pod + tail, defaults)
    expect(problems).toEqual([])
    expect(output.startsWith(head)).toBe(true)
    expect(output.endsWith(tail)).toBe(true)
    expect(loadAll(output)).toHaveLength(4)
    expect(injectManifests(tail, defaults).output).toBe(tail)
  })

  test('values mean what they mean to kubectl', () => {
    const { output } = injectManifests(pod, defaults)
    expect(loadAll(output)).toMatchObject([
      { spec: { containers: [{ args: ['12:30', 'yes', 420], stdin: true }, {}] } },
    ])
  })

  test('the output is not injected again', () => {
    const { output } = injectManifests(pod, defaults)
    expect(injectManifests(output, defaults).output).toBe(output)
  })

  test('problems and warnings name their document; the rest is still injected', () => {
    const wrong = pod
      .replace('role: app', "role: '', claviger.dev/servise: x")
      .replace('web', 'bad')
    const bare = 'kind: Pod\nmetadata: {annotations: {claviger.dev/agent-inject: yes}}\n'
    const result = injectManifests([wrong, bare, ': [\n', pod].join('---\n'), defaults)
    expect(result.problems.map(({ document, issues }) => [document, issues[0]?.code])).toEqual([
      ['Pod/bad', 'annotation_value'],
      ['document 2', 'pod'],
      ['document 3', 'manifest'],
    ])
    expect(result.warnings.map(({ document }) => document)).toEqual([
      'Pod/bad',
      'Pod/bad',
      'Pod/web',
    ])
    expect(result.output).toContain('vault-agent')
  })

  test('the namespace of the manifest counts', () => {
    const system = pod.replace('name: web', 'name: web\n  namespace: kube-system')
    expect(injectManifests(system, defaults).problems).toMatchObject([
      { document: 'Pod/web', issues: [{ code: 'system_namespace' }] },
    ])
  })

  test.each(['', '\n', '# only a comment\n', '---\n---\n', 'text', '- list', '{"kind":"Pod"'])(
    '%j comes back as it is',
    (text) => {
      expect(injectManifests(text, defaults).output).toBe(text)
    },
  )
})
