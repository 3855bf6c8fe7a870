/** What nodes do to pods: the app keeps its files, the agent its session. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1ContainerStatus, V1Pod } from '@kubernetes/client-node'
import { restartRecorded } from './cluster/processes.ts'
import { until } from './polling.ts'
import { nodeName } from './settings.ts'
import { loginsOf } from './support/audit-log.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import { findProcesses } from './support/machine-processes.ts'
import { annotatedPod, prepareNamespace, readFileInPod, readPod, readyPod } from './support/pods.ts'

const machine = openMachine()
const name = 'hardship'
const file = '/vault/secrets/key'

/** With version 2 of control groups the kubelet has the kernel end all processes of a container. Source: Kubernetes 1.28, memory.oom.group. */
const endsWholeGroups = !existsSync('/sys/fs/cgroup/memory')

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
    await exhaustMemory(await findProcess('/usr/local/bin/node\0'))
    if (endsWholeGroups) await awaitRestart()
    expect(await readFileInPod(machine, name, file)).toBe(before)
    await expectFreshness()
  })

  test('whose agent is killed whole: the container starts anew with its session, the file stays', async () => {
    const before = await readFileInPod(machine, name, file)
    process.kill(await findProcess('/claviger/waiter\0'), 'SIGKILL')
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
    reclaimMemory(await findProcess('/claviger/waiter\0'))
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

  /** The process of the agent's container whose command line starts so. */
  async function findProcess(start: string): Promise<number> {
    const { containerID = '' } = statusOf(await readPod(machine, name), 'vault-agent') ?? {}
    const id = containerID.replace(/^.*\/\//, '')
    const found = findProcesses(start).find(
      (pid) =>
        readFileSync(`/proc/${pid}/cmdline`, 'utf8').startsWith(start) &&
        readFileSync(`/proc/${pid}/cgroup`, 'utf8').includes(id),
    )
    if (found === undefined) throw new Error(`no process of container ${id}`)
    return found
  }
})

/**
 * Takes memory in the control group of a process until the kernel ends that process, which gets the highest score there is.
 * It stops at the first end the kernel counts: until the process is gone there is little memory left, and the next to be
 * chosen would be another. Source: cgroup-v1/memory, oom_control, and cgroup-v2, memory.events.
 */
async function exhaustMemory(pid: number): Promise<void> {
  const group = controlGroup(pid)
  const counts = join(group, endsWholeGroups ? 'memory.events' : 'memory.oom_control')
  const program = `
    const { readFileSync, writeFileSync } = require('node:fs')
    const [counts, processes] = process.argv.slice(1)
    const countEnds = () => /^oom_kill (\\d+)$/m.exec(readFileSync(counts, 'utf8'))[1]
    const before = countEnds()
    writeFileSync('/proc/${pid}/oom_score_adj', '1000')
    writeFileSync(processes, String(process.pid))
    const taken = []
    while (countEnds() === before) taken.push(Buffer.alloc(2 ** 21, 1))`
  const child = spawn(process.execPath, ['-e', program, counts, join(group, 'cgroup.procs')], {
    stdio: 'inherit',
  })
  const [status, signal] = await once(child, 'exit')
  // The whole group is the container and what takes its memory.
  const expected = endsWholeGroups ? signal === 'SIGKILL' : status === 0
  if (!expected) throw new Error(`memory was not exhausted: ${status ?? signal}`)
}

/** As a kernel short of memory does: all pages that can be read again. Source: cgroup-v1/memory, and cgroup-v2, memory.reclaim. */
function reclaimMemory(pid: number): void {
  const group = controlGroup(pid)
  if (existsSync(join(group, 'memory.force_empty'))) {
    writeFileSync(join(group, 'memory.force_empty'), '0')
    return
  }
  try {
    writeFileSync(join(group, 'memory.reclaim'), '1G')
  } catch (error) {
    // Less was taken back than was asked for.
    if (!String(error).includes('EAGAIN')) throw error
  }
}

/** The folder of the control group of `pid`. Source: proc_pid_cgroup(5); version 2 has the one line `0::PATH`. */
function controlGroup(pid: number): string {
  const lines = readFileSync(`/proc/${pid}/cgroup`, 'utf8').trim().split('\n')
  const groups = lines.map((line) => line.split(':'))
  const memory = groups.find(([, controllers]) => controllers?.split(',').includes('memory'))
  const [, , unified = ''] = groups.find(([id]) => id === '0') ?? []
  const path = memory === undefined ? unified : join('memory', memory[2] ?? '')
  return join('/sys/fs/cgroup', path)
}

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
