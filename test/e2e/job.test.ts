/** Pods that run to completion. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf } from './support/audit-log.ts'
import { shownBy } from './support/examples.ts'
import { example, openMachine, writeSecret } from './support/machine.ts'
import { findPod, nameOf, prepareNamespace, readLog } from './support/pods.ts'

const machine = openMachine()

describe.each([
  ['with a native sidecar', 'report', {}, ['vault-agent-init', 'vault-agent']],
  [
    'with agent-pre-populate-only',
    'report-once',
    { 'vault.hashicorp.com/agent-pre-populate-only': 'true' },
    ['vault-agent-init'],
  ],
])('a Job %s', (_, name, annotations, initContainers) => {
  let expected: string
  let pod: V1Pod

  beforeAll(async () => {
    await prepareNamespace(machine)
    const { password } = await writeSecret(machine, 'database', ['username', 'password'])
    expected = shownBy({ DB_PASSWORD: password })
    await applyJob(name, annotations)
    await until({ what: `the Job ${name} to complete`, probe: () => hasCompleted(name) })
    const found = await findPod(machine, `job-name=${name}`)
    if (found === undefined) throw new Error('the Job has no pod')
    pod = found
  })

  test('completes, having read its secret', async () => {
    expect(pod.status?.phase).toBe('Succeeded')
    expect(pod.spec?.initContainers?.map((container) => container.name)).toEqual(initContainers)
    expect(pod.spec?.containers.map((container) => container.name)).toEqual(['report'])
    expect(await readLog(machine, nameOf(pod), 'report')).toBe(expected)
  })

  test('logs in once', () => {
    expect(loginsOf(machine, pod)).toHaveLength(1)
  })
})

async function applyJob(name: string, annotations: Readonly<Record<string, string>>) {
  const patch = { metadata: { name }, spec: { template: { metadata: { annotations } } } }
  const args = ['patch', '--local', '--filename', '-', '--type', 'merge', '--output', 'json']
  const { kubectl } = machine
  const job = example('job.yaml', 'Job')
  const manifest = await kubectl.run([...args, '--patch', JSON.stringify(patch)], job)
  await kubectl.run(['--namespace', 'demo', 'apply', '--filename', '-'], manifest)
}

async function hasCompleted(name: string): Promise<true | undefined> {
  const args = ['--namespace', 'demo', 'get', 'job', name, '--output', 'jsonpath={.status}']
  const status = await machine.kubectl.run(args)
  const { succeeded, failed } = JSON.parse(status || '{}')
  if (failed) throw new Error(`the Job failed: ${status}`)
  return succeeded === 1 ? true : undefined
}
