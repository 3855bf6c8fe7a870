/** What nodes do to pods: the app keeps its files, the agent its session. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import { restartRecorded } from './cluster/processes.ts'
import { until } from './polling.ts'
import { nodeName } from './settings.ts'
import { loginsOf } from './support/audit-log.ts'
import { ControlGroup, endsWholeGroups } from './support/control-group.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import { annotatedPod, prepareNamespace, readFileInPod, readPod, readyPod } from './support/pods.ts'

const machine = openMachine()
const name = 'hardship'
const file = '/vault/secrets/key'

describe('a pod with a sidecar', () => {
  let pod: V1Pod

  beforeAll(async () => {
    await prepareNamespace(machine)
    await writeSecret(machine, name, ['key'])
    const manifest = await annotatedPod(machine, name, {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'app',
      'vault.hashicorp.com/template-static-secret-render-interval': '2s',
      'vault.hashicorp.com/agent-inject-secret-key': `secret/data/app/${name}`,
      'vault.hashicorp.com/agent-inject-template-key': `{{ with secret "secret/data/app/${name}" }}{{ .Data.data.key }}{{ end }}`,
    })
    await machine.kubectl.run(['create', '--filename', '-'], manifest)
    pod = await readyPod(name, () => readPod(machine, name))
  })

  test('whose agent runs out of memory: it comes back to its session, the file stays', async () => {
    const before = await readFileInPod(machine, name, file)
    const group = await findGroup()
    await group.exhaust(group.findProcess('/usr/local/bin/node\0'))
    if (endsWholeGroups) await awaitRestart()
    expect(await readFileInPod(machine, name, file)).toBe(before)
    await expectFreshness()
  })

  test('whose agent is killed whole: the container starts anew with its session, the file stays', async () => {
    const before = await readFileInPod(machine, name, file)
    const group = await findGroup()
    process.kill(group.findProcess('/claviger/waiter\0'), 'SIGKILL')
    await awaitRestart()
    expect(await readFileInPod(machine, name, file)).toBe(before)
    await expectFreshness()
  })

  test('on a node whose kubelet restarts: nothing happens to it', async () => {
    const before = statusesOf(await readPod(machine, name))
    await restartRecorded('kubelet')
    await awaitNode('Ready', 'True')
    await expectFreshness()
    expect(statusesOf(await readPod(machine, name))).toEqual(before)
  })

  test('on a node that takes back what memory it can: it goes on', async () => {
    const before = statusesOf(await readPod(machine, name))
    const group = await findGroup()
    group.reclaim()
    await expectFreshness()
    expect(statusesOf(await readPod(machine, name))).toEqual(before)
  })

  /** A new value reaches the file, under the one login of the pod. */
  async function expectFreshness(): Promise<void> {
    const { key } = await writeSecret(machine, name, ['key'])
    await until({
      what: 'the changed secret in the file',
      probe: async () => (await readFileInPod(machine, name, file)) === key || undefined,
    })
    expect(loginsOf(machine, pod)).toHaveLength(1)
  }

  /** Resolves when the container has started again. */
  async function awaitRestart(): Promise<void> {
    const count = statusOf(pod, 'vault-agent')?.restartCount ?? 0
    pod = await until({
      what: 'the agent to run again',
      probe: async () => {
        const now = await readPod(machine, name)
        const status = statusOf(now, 'vault-agent')
        if (status === undefined || status.restartCount === count) return undefined
        return status.state?.running === undefined ? undefined : now
      },
    })
  }

  /** Of the agent's container as it is now. */
  async function findGroup(): Promise<ControlGroup> {
    return new ControlGroup(await readPod(machine, name), 'vault-agent')
  }
})

function statusOf(pod: V1Pod | undefined, container: string): V1ContainerStatus | undefined {
  return pod?.status?.containerStatuses?.find((each) => each.name === container)
}

/** Which containers run, and how often they were started. */
function statusesOf(pod: V1Pod | undefined) {
  return pod?.status?.containerStatuses?.map(({ containerID, restartCount }) => ({
    containerID,
    restartCount,
  }))
}

function awaitNode(condition: string, wanted: 'True' | 'False'): Promise<true> {
  const path = `jsonpath={.status.conditions[?(@.type=="${condition}")].status}`
  return until({
    what: `the node’s ${condition} to be ${wanted}`,
    probe: async () => {
      const status = await machine.kubectl.run(['get', 'node', nodeName, '--output', path])
      return status === wanted || undefined
    },
  })
}
