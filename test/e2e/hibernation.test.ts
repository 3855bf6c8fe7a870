/** What is left of a sidecar between two steps, in real pods. */
import { readFileSync } from 'node:fs'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf, requestsOf } from './support/audit-log.ts'
import { ControlGroup } from './support/control-group.ts'
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
    const [pid = Number.NaN] = await atRest(group)
    const anonymous = memoryOf(pid, 'Anonymous')
    const [workingSet, peak] = [group.workingSet(), group.peak()]
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
  const before = group.processes()
  expect(before).toHaveLength(2)
  await changeSecret(name)
  expect(group.processes()).toEqual(before)
  expect(await readLog(machine, name, 'vault-agent')).toMatch(/claviger.hibernate is false/)
  console.log(
    `resident, working set in MiB: ${(group.workingSet() / mebibyte).toFixed(2)}, peak ${(group.peak() / mebibyte).toFixed(2)}`,
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

function findGroup(pod: V1Pod): ControlGroup {
  return new ControlGroup(pod, 'vault-agent')
}

function atRest(group: ControlGroup): Promise<readonly number[]> {
  return until({
    what: 'the sidecar to be at rest',
    probe: async () => {
      const processes = group.processes()
      return processes.length === 1 ? processes : undefined
    },
  })
}

/** Source: proc(5), smaps_rollup. */
function memoryOf(pid: number, field: string): number {
  const text = readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')
  return Number(new RegExp(`^${field}:\\s+(\\d+) kB$`, 'm').exec(text)?.[1]) * 1024
}
