/** Pods that run to completion. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { until } from './polling.ts'
import { loginsOf } from './support/audit-log.ts'
import { shownBy } from './support/examples.ts'
import { applyExample, openMachine, writeSecret } from './support/machine.ts'
import { findPod, nameOf, prepareNamespace, readLog } from './support/pods.ts'

const machine = openMachine()

describe('a Job with agent-pre-populate-only', () => {
  let expected: string

  beforeAll(async () => {
    await prepareNamespace(machine)
    const { password } = await writeSecret(machine, 'database', ['username', 'password'])
    expected = shownBy({ DB_PASSWORD: password })
    await applyExample(machine, 'job.yaml')
  })

  test('completes, having read its secret', async () => {
    await until({ what: 'the Job to complete', probe: jobCompleted })
    const pod = await findPod(machine, 'job-name=report')
    if (pod === undefined) throw new Error('the Job has no pod')
    expect(pod.status?.phase).toBe('Succeeded')
    expect(pod.spec?.containers.map(({ name }) => name)).toEqual(['report'])
    expect(await readLog(machine, nameOf(pod), 'report')).toBe(expected)
    expect(loginsOf(machine, pod)).toHaveLength(1)
  })
})

async function jobCompleted(): Promise<true | undefined> {
  const args = ['--namespace', 'demo', 'get', 'job', 'report', '--output']
  const status = await machine.kubectl.run([...args, 'jsonpath={.status}'])
  const { succeeded, failed } = JSON.parse(status || '{}')
  if (failed) throw new Error(`the Job failed: ${status}`)
  return succeeded === 1 ? true : undefined
}
