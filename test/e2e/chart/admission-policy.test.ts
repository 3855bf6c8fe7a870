/** The chart's admission policy on a real API server, without the webhook: as if none answered. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { until } from '../polling.ts'
import { openMachine } from '../support/machine.ts'
import { apply, namespaceFor, policyLabel, remove } from './cluster-objects.ts'
import { askForPods, type DraftPod } from './dry-run.ts'
import { admissionPolicy, anyAddress, findKind, type Rendered, render } from './render.ts'

const machine = openMachine()
const [open, own, stock] = ['chart-apps', 'chart-system', 'chart-stock']
const policy = 'proof-claviger-webhook'

afterAll(() => remove(machine, [policy], [open, own, stock]))

const inject = { 'vault.hashicorp.com/agent-inject': 'true' }
const done = { 'vault.hashicorp.com/agent-inject-status': 'injected' }

async function install(values: object): Promise<void> {
  const objects = await render({
    values: {
      ...anyAddress,
      injector: { namespaceSelector: { matchLabels: policyLabel('chart') }, ...values },
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
    kinds.map((kind) => [kind, policy]),
  )
  await apply(machine, found)
}

const refusal = async (pod: DraftPod) => (await askForPods(machine, [pod])).get(pod.name)

beforeAll(async () => {
  await apply(machine, [
    namespaceFor('chart', open),
    namespaceFor('chart', own),
    namespaceFor('chart', stock, { 'claviger.dev/default-profile': 'vault-k8s' }),
  ])
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
