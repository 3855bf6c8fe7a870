/** What is left of a sidecar between two steps, in real pods. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf, requestsOf } from './support/audit-log.ts'
import { findLeaks } from './support/leaks.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import {
  annotatedPod,
  execInPod,
  prepareNamespace,
  readFileInPod,
  readLog,
  readPod,
  readyPod,
} from './support/pods.ts'
import { namespace } from './vault/setup.ts'

const machine = openMachine()
const secret = 'secret/data/app/hibernation'
const file = '/vault/secrets/key'
const mebibyte = 2 ** 20

/** A little more than what keeps an agent awake, so that the test need not wait for the usual five minutes. */
const annotations = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/role': 'app',
  'vault.hashicorp.com/template-static-secret-render-interval': '26s',
  'vault.hashicorp.com/agent-inject-secret-key': secret,
  'vault.hashicorp.com/agent-inject-template-key': `{{ with secret "${secret}" }}{{ .Data.data.key }}{{ end }}`,
}

async function start(name: string, more: Readonly<Record<string, string>> = {}): Promise<V1Pod> {
  const manifest = await annotatedPod(machine, name, { ...annotations, ...more })
  await machine.kubectl.run(['create', '--filename', '-'], manifest)
  return readyPod(name, () => readPod(machine, name))
}

beforeAll(async () => {
  await prepareNamespace(machine)
  await writeSecret(machine, 'hibernation', ['key'])
})

describe('a sidecar that hibernates', () => {
  let pod: V1Pod
  const name = 'hibernation'

  beforeAll(async () => {
    pod = await start(name, {
      'claviger.dev/agent-revoke-on-shutdown': 'true',
      'claviger.dev/agent-revoke-grace': '0',
    })
  })

  test('is one process with next to no memory of its own', async () => {
    const group = findGroup(pod)
    const [pid = ''] = await atRest(group)
    const anonymous = memoryOf(pid, 'Anonymous')
    const [workingSet, peak] = [readWorkingSet(group), readNumber(group, 'max_usage_in_bytes')]
    const shown = [anonymous, workingSet, peak].map((bytes) => (bytes / mebibyte).toFixed(2))
    console.log(`at rest, anonymous, working set and peak in MiB: ${shown.join(', ')}`)
    expect(readFileSync(`/proc/${pid}/comm`, 'utf8').trim()).toMatch(/^(?:waiter|claviger-agent)$/)
    expect(anonymous).toBeLessThanOrEqual(0.1 * mebibyte)
    expect(workingSet).toBeLessThanOrEqual(8 * mebibyte)
  })

  test('brings a changed secret into the file, under the login of the init container', async () => {
    await changeSecret(name)
    expect(loginsOf(machine, pod)).toHaveLength(1)
    await atRest(findGroup(pod))
  })

  test.each([
    [['status'], /^ready +yes$/m],
    [['status', '-json'], /"ready": true/],
    [['ready'], /^ready$/m],
    [['live'], /^alive$/m],
  ])('answers %j asleep', async (words, pattern) => {
    const where = { pod: name, container: 'vault-agent' }
    const { status, stdout } = await execInPod(machine, where, ['claviger-agent', ...words])
    expect([status, stdout]).toEqual([0, expect.stringMatching(pattern)])
  })

  test('revokes its token at its end', async () => {
    const started = Date.now()
    await machine.kubectl.run(['--namespace', namespace, 'delete', 'pod', name, '--wait=true'])
    console.log(`the pod was gone after ${((Date.now() - started) / 1000).toFixed(1)} s`)
    const paths = requestsOf(machine, pod).map(({ request }) => request.path)
    expect(paths.at(-1)).toBe('auth/token/revoke-self')
  })

  test('leaves no value and no token in any log or in etcd', async () => {
    expect(await findLeaks(machine)).toEqual([])
  })
})

test('agent-hibernate "false" keeps the process', async () => {
  const name = 'resident'
  const pod = await start(name, { 'claviger.dev/agent-hibernate': 'false' })
  const group = findGroup(pod)
  const before = readProcesses(group)
  expect(before).toHaveLength(2)
  await changeSecret(name)
  expect(readProcesses(group)).toEqual(before)
  expect(await readLog(machine, name, 'vault-agent')).toMatch(/claviger.hibernate is false/)
  console.log(
    `resident, working set in MiB: ${(readWorkingSet(group) / mebibyte).toFixed(2)}, peak ${(readNumber(group, 'max_usage_in_bytes') / mebibyte).toFixed(2)}`,
  )
})

/** Resolves when the new value is in the pod's file. */
async function changeSecret(name: string): Promise<void> {
  const { key } = await writeSecret(machine, 'hibernation', ['key'])
  await until({
    what: 'the changed secret in the file',
    probe: async () => (await readFileInPod(machine, name, file)) === key || undefined,
  })
}

/** The memory account of the sidecar. */
function findGroup(pod: V1Pod): string {
  const status = pod.status?.containerStatuses?.find(({ name }) => name === 'vault-agent')
  const id = status?.containerID?.split('//')[1] ?? ''
  const root = '/sys/fs/cgroup/memory'
  const found = readdirSync(root, { recursive: true, encoding: 'utf8' }).find((path) =>
    path.endsWith(`/${id}`),
  )
  if (id === '' || found === undefined) throw new Error('the sidecar has no memory account')
  return join(root, found)
}

function readProcesses(group: string): readonly string[] {
  return readFileSync(join(group, 'cgroup.procs'), 'utf8').trim().split('\n')
}

function atRest(group: string): Promise<readonly string[]> {
  return until({
    what: 'the sidecar to be at rest',
    probe: async () => {
      const processes = readProcesses(group)
      return processes.length === 1 ? processes : undefined
    },
  })
}

function readNumber(group: string, name: string): number {
  return Number(readFileSync(join(group, `memory.${name}`), 'utf8'))
}

/** As the kubelet counts it. */
function readWorkingSet(group: string): number {
  const stat = readFileSync(join(group, 'memory.stat'), 'utf8')
  const inactive = Number(/^total_inactive_file (\d+)$/m.exec(stat)?.[1])
  return readNumber(group, 'usage_in_bytes') - inactive
}

/** Source: proc(5), smaps_rollup. */
function memoryOf(pid: string, field: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024
}
