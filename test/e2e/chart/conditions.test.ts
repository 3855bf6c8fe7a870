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
import { apply, namespaceFor, policyLabel, remove } from './cluster-objects.ts'
import { askForPods, type DraftPod } from './dry-run.ts'

const machine = openMachine()
/** Of policies, and of the namespace of each. */
const names = [...profiles.keys()].map((name) => `conditions-${name}`)

beforeAll(async () => {
  await apply(
    machine,
    names.map((name) => namespaceFor(name, name)),
  )
})

afterAll(() => remove(machine, names, names))

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
    const matchResources = { namespaceSelector: { matchLabels: policyLabel(name) } }
    const api = { apiVersion: 'admissionregistration.k8s.io/v1', metadata }
    await apply(machine, [
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
