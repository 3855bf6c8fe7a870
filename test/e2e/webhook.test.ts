/** The webhook seen from the API server. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { openMachine } from './support/machine.ts'
import { admitted, annotatedPod, prepareNamespace } from './support/pods.ts'

const machine = openMachine()
const annotations = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/role': 'app',
  'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/database',
}

beforeAll(async () => {
  await prepareNamespace(machine)
})

describe('the API server', () => {
  test('calls the webhook for an annotated pod', async () => {
    const before = await webhookCalls()
    const pod = await admitted(machine, await annotatedPod(machine, 'annotated', annotations))
    expect(pod.spec?.initContainers?.map(({ name }) => name)).toEqual(['vault-agent-init'])
    expect(await webhookCalls()).toBeGreaterThan(before)
  })

  test('does not call it for a pod without annotations', async () => {
    const before = await webhookCalls()
    const pod = await admitted(machine, await annotatedPod(machine, 'plain', {}))
    expect(pod.spec?.initContainers).toBeUndefined()
    expect(await webhookCalls()).toBe(before)
  })
})

/** Calls to Claviger's webhook that the API server has made. Source: its metric `apiserver_admission_webhook_request_total`. */
async function webhookCalls(): Promise<number> {
  const metrics = await machine.kubectl.run(['get', '--raw', '/metrics'])
  return metrics
    .split('\n')
    .filter((line) => line.startsWith('apiserver_admission_webhook_request_total{'))
    .reduce((sum, line) => sum + Number(line.slice(line.lastIndexOf(' ') + 1)), 0)
}
