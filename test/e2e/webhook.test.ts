/** The webhook seen from the API server and from Helm. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { helm, release } from './claviger.ts'
import { until } from './polling.ts'
import { openMachine } from './support/machine.ts'
import { admitted, annotatedPod, prepareNamespace } from './support/pods.ts'

const machine = openMachine()
const annotations = {
  'vault.hashicorp.com/agent-inject': 'true',
  'vault.hashicorp.com/role': 'app',
  'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/web/database',
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

describe('helm upgrade', () => {
  test('keeps the certificates, and injection goes on', async () => {
    const before = await certificates()
    expect(before.some((data) => Object.keys(data).length > 0)).toBe(true)
    await helm('upgrade', machine.context.kubeconfig, ['injector.logLevel=debug'])
    expect(await certificates()).toEqual(before)
    const manifest = await annotatedPod(machine, 'upgraded', annotations)
    const names = await until({
      what: 'an injection after the upgrade',
      probe: async () => {
        const { spec } = await admitted(machine, manifest)
        return spec?.containers.map(({ name }) => name)
      },
    })
    expect(names).toContain('vault-agent')
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

/** Contents of the release's Secrets that are not Helm's own records. */
async function certificates(): Promise<readonly Readonly<Record<string, string>>[]> {
  const args = ['--namespace', release.namespace, 'get', 'secrets', '--output', 'json']
  const list: { readonly items: readonly { type: string; data?: Record<string, string> }[] } =
    JSON.parse(await machine.kubectl.run(args))
  return list.items.filter(({ type }) => !type.startsWith('helm.sh/')).map(({ data }) => data ?? {})
}
