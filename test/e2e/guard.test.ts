/** The guard: a pod that the webhook was never asked about is told of, then evicted, and the one in its place is injected. */
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import type { V1Pod, V1PodList } from '@kubernetes/client-node'
import { helm, release } from './claviger.ts'
import { until } from './polling.ts'
import { fixture, openMachine } from './support/machine.ts'
import { nameOf } from './support/pods.ts'

const machine = openMachine()
const namespace = 'guarded'
const guard = ['--namespace', release.namespace, '--selector', 'app.kubernetes.io/component=guard']
const soon = 'guard.grace=1s'
const isInjected = (pod: V1Pod) => pod.spec?.initContainers?.[0]?.name === 'vault-agent-init'

beforeAll(async () => {
  await helm('upgrade', machine.context.kubeconfig, { settings: [soon] })
  await machine.kubectl.run(['apply', '--filename', '-'], fixture('guarded.yaml'))
})

afterAll(async () => {
  await machine.kubectl.run(['delete', 'namespace', namespace, '--wait=false'])
  await helm('upgrade', machine.context.kubeconfig)
})

test('tells of the pod in its log and its metrics, and leaves it alone', async () => {
  const line = await awaitLine('pod not injected')
  expect(line).toMatchObject({ namespace, owner: 'ReplicaSet', reason: 'not_injected' })
  await until({
    what: 'the pod in the metrics',
    probe: async () => (await readMetrics()).includes(`{namespace="${namespace}"} 1`) || undefined,
  })
  expect((await listPods()).map(isInjected)).toEqual([false])
})

test('evicts it where it may, and the pod in its place is injected', async () => {
  const [missed] = await listPods()
  await machine.kubectl.run(['label', 'namespace', namespace, 'e2e.claviger.dev/injector-'])
  await helm('upgrade', machine.context.kubeconfig, { settings: [soon, 'guard.evict=true'] })
  const line = await awaitLine('pod evicted')
  expect(line).toMatchObject({ namespace, pod: missed && nameOf(missed), attempt: 1 })
  await until({
    what: 'an injected pod and no other',
    probe: async () => {
      const pods = await listPods()
      return (pods.length > 0 && pods.every(isInjected)) || undefined
    },
  })
  await until({
    what: 'metrics without the namespace',
    probe: async () => !(await readMetrics()).includes(`namespace="${namespace}"`) || undefined,
  })
})

async function listPods(): Promise<readonly V1Pod[]> {
  const args = ['--namespace', namespace, 'get', 'pods', '--output', 'json']
  const { items }: V1PodList = JSON.parse(await machine.kubectl.run(args))
  return items
}

/** The guard's line with that message about this namespace. */
function awaitLine(message: string): Promise<Readonly<Record<string, unknown>>> {
  return until({
    what: `"${message}" in the log of the guard`,
    probe: async () => {
      const log = await machine.kubectl.run(['logs', ...guard, '--tail', '-1'])
      const lines = log.split('\n').filter((line) => line.includes(`"${message}"`))
      return lines.map((line) => JSON.parse(line)).find((line) => line.namespace === namespace)
    },
  })
}

async function readMetrics(): Promise<string> {
  const name = await machine.kubectl.run(['get', 'pods', ...guard, '--output', 'name'])
  const path = `/api/v1/namespaces/${release.namespace}/${name.trim().replace('pod/', 'pods/')}:8081`
  return machine.kubectl.run(['get', '--raw', `${path}/proxy/metrics`])
}
