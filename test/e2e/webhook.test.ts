/** The webhook seen from the API server and from Helm. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { helm, release } from './claviger.ts'
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

describe('helm upgrade', () => {
  test('keeps the certificates, and injection never stops', async () => {
    const before = await certificates()
    expect(before.some((data) => Object.keys(data).length > 0)).toBe(true)
    const manifest = await annotatedPod(machine, 'upgraded', annotations)
    const upgrade = helm('upgrade', machine.context.kubeconfig, ['injector.logLevel=debug'])
    const injections = await repeatDuring(upgrade, () => admitted(machine, manifest))
    expect(await certificates()).toEqual(before)
    expect(injections.length).toBeGreaterThan(0)
    for (const { spec } of injections) {
      expect(spec?.containers.map(({ name }) => name)).toContain('vault-agent')
    }
  })
})

/** Calls `work` again and again until `event` has happened, and once more after it. */
async function repeatDuring<T>(
  event: Promise<void>,
  work: () => Promise<T>,
): Promise<readonly T[]> {
  let happened = false
  const watched = event.finally(() => {
    happened = true
  })
  const results: T[] = []
  while (!happened) results.push(await work())
  await watched
  return [...results, await work()]
}

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
