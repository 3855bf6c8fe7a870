/** The chart's CEL on a real API server: its truth is the webhook's decision, for every spelling. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { prefixes } from '../../../webhook/inject/annotations/annotation.ts'
import { buildAskCondition } from '../../../webhook/inject/conditions.ts'
import { decide } from '../../../webhook/inject/decide.ts'
import { nameNamespace } from '../../../webhook/inject/namespace.ts'
import { readPod } from '../../../webhook/inject/pod.ts'
import { profiles } from '../../../webhook/inject/profiles.ts'
import { until } from '../polling.ts'
import { openMachine } from '../support/machine.ts'
import { askForPods, type DraftPod } from './dry-run.ts'
import { admissionPolicy, anyAddress, findKind, type Rendered, render } from './render.ts'

const machine = openMachine()
const { kubectl } = machine
/** The webhook that the machine runs leaves this namespace alone. */
const away = { 'e2e.claviger.dev/injector': 'chart' }
const [open, own, stock] = ['chart-apps', 'chart-system', 'chart-stock']
const label = (profile: string) => ({ 'e2e.claviger.dev/conditions': profile })

const namespace = (name: string, labels: object, annotations = {}) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { ...away, ...labels }, annotations },
})

beforeAll(async () => {
  const items = [
    ...[...profiles.keys()].map((name) => namespace(`conditions-${name}`, label(name))),
    namespace(open, label('chart')),
    namespace(own, label('chart')),
    namespace(stock, label('chart'), { 'claviger.dev/default-profile': 'vault-k8s' }),
  ]
  await apply(items)
})

afterAll(async () => {
  const policies = [...profiles.keys()].map((name) => `conditions-${name}`)
  const namespaces = [...policies, open, own, stock]
  const cluster = 'validatingadmissionpolicy,validatingadmissionpolicybinding'
  const missing = ['--ignore-not-found', '--wait=false']
  await kubectl.run(['delete', cluster, ...policies, 'proof-claviger-webhook', ...missing])
  await kubectl.run(['delete', 'namespace', ...namespaces, ...missing])
})

function apply(items: readonly object[]): Promise<string> {
  const list = JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
  return kubectl.run(['apply', '--filename', '-'], list)
}

const spellings = [
  ...['1', 't', 'T', 'TRUE', 'true', 'True', '0', 'f', 'F', 'FALSE', 'false', 'False', ''],
  ...['yes', 'no', 'on', 'off', 'tRUE', 'fALSE', ' true', 'false ', '00', '2', 'null', '-', '\n'],
]

type Annotations = Readonly<Record<string, string>>

const key = (prefix: string) => `${prefix}agent-inject`

/** Every spelling under every prefix, and pairs of them. */
const cases: readonly (Annotations | undefined)[] = [
  undefined,
  {},
  { other: 'true', 'vault.hashicorp.com/agent-inject-status': 'injected' },
  { 'example.com/agent-inject': 'true', 'vault.hashicorp.com/agent-inject-x': 'true' },
  ...prefixes.flatMap((prefix) => spellings.map((value) => ({ [key(prefix)]: value }))),
  ...['true', 'false', '0', 'x'].flatMap((one) =>
    ['true', 'false', '0', 'x'].flatMap((two) => [
      { [key(prefixes[0])]: one, [key(prefixes[2])]: two },
      { [key(prefixes[1])]: one, [key(prefixes[2])]: two, [key(prefixes[0])]: one },
    ]),
  ),
]

describe.each([...profiles.values()])('in profile $name', (profile) => {
  const name = `conditions-${profile.name}`

  /** Whether the webhook has anything to say of the pod. */
  function matters(annotations: Annotations | undefined): boolean {
    const metadata = annotations === undefined ? {} : { annotations }
    const read = readPod({ metadata, spec: { containers: [{ name: 'app' }] } }, profile)
    if (read.kind !== 'ok') throw new Error('no pod')
    const decision = decide({ pod: read.value, namespace: nameNamespace(name), profile })
    return decision.kind !== 'skip' || decision.reason !== 'not_requested'
  }

  beforeAll(async () => {
    const rule = {
      operations: ['CREATE'],
      apiGroups: [''],
      apiVersions: ['v1'],
      resources: ['pods'],
    }
    const metadata = { name }
    const spec = {
      failurePolicy: 'Fail',
      matchConstraints: { resourceRules: [rule] },
      validations: [{ expression: `!(${buildAskCondition(profile.prefixes)})`, message: 'asks' }],
    }
    const matchResources = { namespaceSelector: { matchLabels: label(profile.name) } }
    const api = { apiVersion: 'admissionregistration.k8s.io/v1', metadata }
    await apply([
      { ...api, kind: 'ValidatingAdmissionPolicy', spec },
      {
        ...api,
        kind: 'ValidatingAdmissionPolicyBinding',
        spec: { policyName: name, validationActions: ['Deny'], matchResources },
      },
    ])
    await until({
      what: `the policy ${name}`,
      probe: async () => {
        const pod = { name: 'asks', namespace: name, annotations: { [key(prefixes[0])]: 'true' } }
        return (await askForPods(machine, [pod])).get('asks')
      },
    })
  })

  test('the condition is true of exactly the pods that matter', async () => {
    const pods = cases.map((annotations, index): DraftPod => {
      const pod = { name: `pod-${index}`, namespace: name }
      return annotations === undefined ? pod : { ...pod, annotations }
    })
    const refusals = await askForPods(machine, pods)
    const found = pods.map((pod) => [
      pod.annotations,
      refusals.get(pod.name)?.includes('asks') ?? false,
    ])
    expect(found).toEqual(cases.map((annotations) => [annotations, matters(annotations)]))
    expect(found.filter(([, asks]) => asks).length).toBeGreaterThan(20)
  })
})

describe('the policy of the chart', () => {
  const inject = { 'vault.hashicorp.com/agent-inject': 'true' }
  const done = { 'vault.hashicorp.com/agent-inject-status': 'injected' }

  /** Without the webhook: as if none answered. */
  async function install(values: object): Promise<void> {
    const objects = await render({
      values: {
        ...anyAddress,
        injector: { namespaceSelector: { matchLabels: label('chart') }, ...values },
      },
      apiVersions: [admissionPolicy],
      release: 'proof',
      namespace: own,
    })
    const kinds = ['ValidatingAdmissionPolicy', 'ValidatingAdmissionPolicyBinding']
    const found = kinds
      .map((kind) => findKind(objects, kind))
      .filter((object) => object !== undefined)
    expect(found.map(({ kind, metadata }: Rendered) => [kind, metadata.name])).toEqual(
      kinds.map((kind) => [kind, 'proof-claviger-webhook']),
    )
    await apply(found)
  }

  const refusal = async (pod: DraftPod) => (await askForPods(machine, [pod])).get(pod.name)

  beforeAll(async () => {
    await install({})
    await until({
      what: 'the policy of the chart',
      probe: () => refusal({ name: 'asks', namespace: open, annotations: inject }),
    })
  })

  test('denies a pod that asks and has no agent, and says what to do', async () => {
    const message = await refusal({ name: 'asks', namespace: open, annotations: inject })
    expect(message).toContain('comes without an agent')
    expect(message).toContain(
      '--namespace chart-system rollout status deployment/proof-claviger-webhook',
    )
    expect(message).toContain('agent-inject to "false"')
  })

  test.each([
    ['a pod that asks for nothing', {}, [], false],
    ['a pod that was injected', { ...inject, ...done }, ['vault-agent'], false],
    ['a pod that only says so', { ...inject, ...done }, [], true],
    ['a pod with a container of that name', inject, ['vault-agent'], true],
    ['a value that is none', { 'claviger.dev/agent-inject': 'yes' }, [], true],
  ])('judges %s', async (_, annotations, containers, isDenied) => {
    const pod = { name: 'judged', namespace: open, annotations, containers }
    expect((await refusal(pod)) !== undefined).toBe(isDenied)
  })

  test('says that nothing is injected in the webhook’s own namespace', async () => {
    const pod = { name: 'here', namespace: own, annotations: { ...inject, ...done } }
    expect(await refusal(pod)).toContain('nothing is injected in namespace chart-system')
    expect(await refusal({ name: 'plain', namespace: own })).toBeUndefined()
  })

  test('goes by the profile of the namespace where namespaces choose one', async () => {
    await install({ namespaceDefaults: { enabled: true } })
    const ours = { 'claviger.dev/agent-inject': 'true' }
    await until({
      what: 'the changed policy',
      probe: async () =>
        (await refusal({ name: 'ours', namespace: stock, annotations: ours })) === undefined ||
        undefined,
    })
    expect(await refusal({ name: 'ours', namespace: open, annotations: ours })).toContain(
      'without an agent',
    )
    expect(await refusal({ name: 'asks', namespace: stock, annotations: inject })).toContain(
      'without an agent',
    )
  })
})
