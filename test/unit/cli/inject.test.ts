import { describe, expect, test } from '@jest/globals'
import { loadAll } from 'js-yaml'
import { injectManifests, joinOutputs } from '../../../cli/inject.ts'
import { parsePodKind, podKinds } from '../../../cli/manifests/pod-kinds.ts'
import { mutate } from '../../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { profiles } from '../../../webhook/inject/profiles.ts'
import { createDefaults } from '../../support/webhook-defaults.ts'

const defaults = createDefaults({ address: 'https://vault:8200', image: 'agent:1' })
const options = { defaults, kinds: podKinds, namespace: 'default' }
const annotations = { 'claviger.dev/agent-inject': 'true', 'claviger.dev/role': 'app' }
const template = { metadata: { annotations }, spec: { containers: [{ name: 'app' }] } }

function inject(text: string, given = options) {
  const { outputs, findings } = injectManifests([{ path: 'm.yaml', text }], given)
  return { output: outputs[0]?.output ?? '', findings }
}

/** Names of the containers that the pod at `path` has afterwards. */
function containersOf(document: unknown, path: readonly (string | number)[]): readonly string[] {
  const pod = path.reduce<unknown>((found, key) => Reflect.get(Object(found), key), document)
  return JSON.parse(JSON.stringify(pod)).spec.containers.map(({ name }: { name: string }) => name)
}

const spec = { template }
const inSpec = ['spec', 'template']

describe('the kinds', () => {
  test.each([
    ['v1', 'Pod', { ...template }, []],
    ['v1', 'PodTemplate', { template }, ['template']],
    ['v1', 'ReplicationController', { spec }, inSpec],
    ['apps/v1', 'Deployment', { spec }, inSpec],
    ['extensions/v1beta1', 'Deployment', { spec }, inSpec],
    ['apps/v1', 'StatefulSet', { spec }, inSpec],
    ['apps/v1', 'DaemonSet', { spec }, inSpec],
    ['apps/v1', 'ReplicaSet', { spec }, inSpec],
    ['batch/v1', 'Job', { spec }, inSpec],
    [
      'batch/v1',
      'CronJob',
      { spec: { jobTemplate: { spec } } },
      ['spec', 'jobTemplate', ...inSpec],
    ],
    ['argoproj.io/v1alpha1', 'Rollout', { spec }, inSpec],
    ['serving.knative.dev/v1', 'Service', { spec }, inSpec],
    ['apps.openshift.io/v1', 'DeploymentConfig', { spec }, inSpec],
    ['v1', 'List', { items: [{ kind: 'Pod', ...template }] }, ['items', 0]],
    ['apps/v1', 'DeploymentList', { items: [{ spec }] }, ['items', 0, ...inSpec]],
    ['v1', 'PodList', { items: [{ ...template }] }, ['items', 0]],
  ])('%s %s', (apiVersion, kind, fields, path) => {
    const json = inject(JSON.stringify({ apiVersion, kind, ...fields }))
    expect(json.findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(containersOf(JSON.parse(json.output), path)).toEqual(['app', 'vault-agent'])
  })

  test('an object without apiVersion is one of Kubernetes’ own', () => {
    const text = (kind: string) => JSON.stringify({ kind, spec })
    expect(inject(text('Deployment')).output).toContain('vault-agent')
    expect(inject(text('Service')).output).toBe(text('Service'))
  })

  test('the group counts: a core Service makes no pods', () => {
    const text = JSON.stringify({ apiVersion: 'v1', kind: 'Service', spec })
    expect(inject(text).output).toBe(text)
  })

  test.each([
    ['example.com/Worker=spec.podTemplate', 'example.com/v2', { spec: { podTemplate: template } }],
    ['example.com/Worker=.', 'example.com/v2', { ...template }],
    ['Worker=template', 'v1', { template }],
  ])('a further kind: %s', (text, apiVersion, fields) => {
    const kind = parsePodKind(text)
    const kinds = kind.kind === 'ok' ? [kind.value] : []
    const object = JSON.stringify({ apiVersion, kind: 'Worker', ...fields })
    expect(inject(object).output).toBe(object)
    expect(inject(object, { ...options, kinds }).output).toContain('vault-agent')
  })

  test.each(['Worker', 'a/b/Worker=spec', 'worker=spec', 'x/Worker=', 'Worker=a b'])(
    'the further kind %j is refused',
    (text) => {
      expect(parsePodKind(text)).toMatchObject({ kind: 'issues', issues: [{ code: 'flag' }] })
    },
  )
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

describe('the output', () => {
  test('is what the webhook does', () => {
    const outcome = mutate(template, nameNamespace('default'), defaults)
    const { output } = inject(JSON.stringify({ kind: 'Pod', ...template }))
    const patch = outcome.kind === 'injected' ? outcome.patch : []
    expect(patch.at(-2)).toMatchObject({ value: JSON.parse(output).spec.containers.at(-1) })
  })

  test('what is not injected keeps its text, byte for byte', () => {
    const head =
      '# comment\nkind: ConfigMap # kept\ndata: {a: "1"}\n--- # next\nkind: Service\n---\n'
    const tail = '---\nkind: Pod\nspec: {containers: [{name: a}]}\n'
    const { output } = inject(head + pod + tail)
    expect(output.startsWith(head)).toBe(true)
    expect(output.endsWith(tail)).toBe(true)
    expect(loadAll(output)).toHaveLength(4)
    expect(inject(tail).output).toBe(tail)
  })

  test('what is injected keeps its lines: the output is the input with lines between', () => {
    const text = `# head\n${pod.replace('name: app\n', 'name: app # the app\n      # its words\n')}# tail\n`
    const { output } = inject(text)
    expect(output).toContain('vault-agent')
    const kept = text.split('\n').filter((line) => !line.includes('annotations:'))
    let from = 0
    for (const line of kept) {
      const at = output.indexOf(line, from)
      expect([line, at >= from]).toEqual([line, true])
      from = at + line.length
    }
  })

  test('values mean what they mean to kubectl', () => {
    const { output } = inject(pod)
    expect(output).toContain("args: [12:30, 'yes', 0644]\n      stdin: yes\n")
  })

  test('is not injected again', () => {
    const { output } = inject(pod)
    expect(inject(output).output).toBe(output)
  })

  test('of a Helm dry run keeps what Helm says around the manifests', () => {
    const head = 'NAME: shop\nLAST DEPLOYED: Wed Nov 25 22:08:20 2026\nHOOKS:\nMANIFEST:\n---\n'
    const notes = 'NOTES:\n1. Visit: http://{{ host }}: {\n---\nkind: [\n'
    const { output, findings } = inject(head + pod + notes)
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    expect(output.startsWith(head)).toBe(true)
    expect(output.endsWith(notes)).toBe(true)
    expect(output).toContain('vault-agent')
  })

  test('of JSON is JSON with the same indentation', () => {
    const value = { kind: 'Pod', ...template }
    expect(inject(JSON.stringify(value, null, 4)).output).toMatch(/^\{\n {4}"kind"/)
    expect(inject(JSON.stringify(value)).output).toMatch(/^\{"kind".*\}\n$/)
  })

  test('of JSON keeps numbers that JavaScript would round', () => {
    const text = JSON.stringify({ kind: 'Pod', ...template }).replace(
      '"kind"',
      '"x":{"big":12345678901234567890,"price":1.50},"kind"',
    )
    expect(inject(text).output).toContain('"x":{"big":12345678901234567890,"price":1.50}')
  })

  test('two workloads that share a template by an alias are both injected, once', () => {
    const shared = `kind: List
items:
  - kind: Deployment
    metadata: { name: a }
    spec: { template: &t { metadata: { annotations: { claviger.dev/agent-inject: 'true', claviger.dev/role: app } }, spec: { containers: [ { name: app } ] } } }
  - kind: Deployment
    metadata: { name: b }
    spec: { template: *t }
`
    const [list] = loadAll(inject(shared).output)
    for (const index of [0, 1]) {
      const path = ['items', index, 'spec', 'template']
      expect(containersOf(list, path)).toEqual(['app', 'vault-agent'])
    }
  })

  test('aliases that multiply are refused', () => {
    const levels = Array.from({ length: 12 }, (_, n) => {
      const items = Array.from({ length: 9 }, () => (n === 0 ? 'x' : `*l${n - 1}`))
      return `l${n}: &l${n} [${items.join(', ')}]\n`
    })
    expect(() => inject(levels.join('') + pod)).toThrow(/too large/)
  })

  test.each(['', '\n', '# only a comment\n', '---\n---\n', 'text', '- list', '{"kind":"Pod"'])(
    '%j comes back as it is',
    (text) => {
      expect(inject(text).output).toBe(text)
    },
  )

  test('of several sources is one stream', () => {
    const outputs = ['a: 1', '--- # two\nb: 2\n', '{"c":3}\n'].map((output, index) => ({
      source: { path: `${index}`, text: output },
      output,
    }))
    expect(joinOutputs(outputs)).toBe('a: 1\n--- # two\nb: 2\n---\n{"c":3}\n')
  })
})

describe('under profile vault-k8s', () => {
  const profile = profiles.get('vault-k8s') ?? defaults.profile
  const stock = { ...options, defaults: { ...defaults, profile } }
  const text = pod.replaceAll('claviger.dev', 'vault.hashicorp.com').replace(', 0644', '')

  test('the agent has the token that the API server would have mounted', () => {
    const { output, findings } = inject(text, stock)
    expect(findings.filter(({ severity }) => severity === 'error')).toEqual([])
    const [{ spec }] = JSON.parse(JSON.stringify(loadAll(output)))
    const mounts = [...spec.containers, ...spec.initContainers].map(({ volumeMounts }) =>
      volumeMounts.map(({ mountPath }: { mountPath: string }) => mountPath),
    )
    for (const paths of mounts)
      expect(paths).toContain('/var/run/secrets/kubernetes.io/serviceaccount')
    expect(output).toContain("      args: [12:30, 'yes']\n      stdin: yes\n")
  })

  test('a pod that refuses the token is refused, as in a cluster', () => {
    const refusing = text.replace('spec:\n', 'spec:\n  automountServiceAccountToken: false\n')
    expect(inject(refusing, stock).findings[0]).toMatchObject({ code: 'token_volume' })
  })
})

describe('the findings', () => {
  test('name file, line, object, annotation and code; the rest is still injected', () => {
    const wrong = pod
      .replace('role: app', "role: '', claviger.dev/servise: x")
      .replace('web', 'bad')
    const bare = 'kind: Pod\nmetadata: {annotations: {claviger.dev/agent-inject: yes}}\n'
    const result = inject([wrong, bare, 'a: [\n', pod].join('---\n'))
    const errors = result.findings.filter(({ severity }) => severity === 'error')
    expect(errors.map(({ line, object, path, code }) => [line, object, path, code])).toEqual([
      [4, 'Pod/bad', 'claviger.dev/role', 'annotation_value'],
      [12, 'document 2', 'metadata.annotations["claviger.dev/agent-inject"]', 'pod'],
      [11, 'document 2', 'spec.containers', 'pod'],
      [15, 'document 3', 'document 3', 'manifest'],
    ])
    expect(errors[0]?.file).toBe('m.yaml')
    const warned = result.findings.filter(({ severity }) => severity === 'warning')
    expect(warned.map(({ object, path }) => [object, path])).toEqual([
      ['Pod/bad', 'claviger.dev/servise'],
      ['Pod/bad', ''],
      ['Pod/web', ''],
    ])
    expect(result.output).toContain('vault-agent')
  })

  test('the namespace of the manifest counts, and that of the command line where there is none', () => {
    const system = pod.replace('name: web', 'name: web\n  namespace: kube-system')
    expect(inject(system).findings[0]).toMatchObject({ code: 'system_namespace', line: 4 })
    expect(inject(pod, { ...options, namespace: 'kube-system' }).findings[0]).toMatchObject({
      code: 'system_namespace',
    })
  })
})
