/**
 * Pods as vault-k8s makes them, with our compatible image in them: Vault's start command and hook on our agent. What profile
 * `vault-k8s` injects is proved to be such a pod (test/conformance/webhook), so no injector is needed here.
 */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import jsonPatch from 'fast-json-patch'
import { mutate } from '../../webhook/inject/mutate.ts'
import { nameNamespace } from '../../webhook/inject/namespace.ts'
import { createDefaults } from '../support/webhook-defaults.ts'
import { until } from './polling.ts'
import { images, vaultUrl } from './settings.ts'
import { requestsOf } from './support/audit-log.ts'
import { fixture, openMachine, writeSecret } from './support/machine.ts'
import {
  annotatedPod,
  execInPod,
  prepareNamespace,
  readFileInPod,
  readPod,
  readyPod,
} from './support/pods.ts'
import { namespace } from './vault/setup.ts'

const machine = openMachine()
const defaults = createDefaults({
  address: vaultUrl,
  image: images.compatibleAgent,
  profile: 'vault-k8s',
})
const tokenVolume = 'own-token'

let key: string

beforeAll(async () => {
  await prepareNamespace(machine)
  const secret = await writeSecret(machine, 'stock', ['key'])
  key = secret.key
})

describe('in annotation mode', () => {
  const name = 'stock-annotations'

  beforeAll(async () => {
    await create(name, {
      'vault.hashicorp.com/role': 'app',
      'vault.hashicorp.com/agent-inject-template-key':
        '{{ with secret "secret/data/app/stock" }}{{ .Data.data.key }}{{ end }}',
      'vault.hashicorp.com/agent-inject-command-key': 'cp /vault/secrets/key /vault/secrets/copy',
      'vault.hashicorp.com/agent-revoke-on-shutdown': 'true',
      'vault.hashicorp.com/agent-revoke-grace': '1',
    })
  })

  test('a shell starts the agent, which writes the file and runs its command', async () => {
    const pod = await readPod(machine, name)
    const agent = pod.spec?.containers.find((container) => container.name === 'vault-agent')
    expect(agent).toMatchObject({ image: images.compatibleAgent, command: ['/bin/sh', '-ec'] })
    expect(await readFileInPod(machine, name, '/vault/secrets/key')).toBe(key)
    expect(await readFileInPod(machine, name, '/vault/secrets/copy')).toBe(key)
  })

  test.each(['vault', '/bin/vault', '/usr/local/bin/vault', 'bao'])(
    '%s is the agent, as 100:1000',
    async (program) => {
      const line = `id -u; id -g; echo $HOME; test -w $HOME && ${program} agent --version`
      const command = ['/bin/sh', '-c', line]
      const at = { pod: name, container: 'vault-agent' }
      const { status, stdout } = await execInPod(machine, at, command)
      expect(status).toBe(0)
      expect(stdout).toMatch(/^100\n1000\n\/home\/vault\n\S+\n$/)
    },
  )

  test('its hook revokes the token when the pod ends', async () => {
    const pod = await readPod(machine, name)
    await machine.kubectl.run(['--namespace', namespace, 'delete', 'pod', name])
    const revoked = await until({
      what: 'the token to be revoked',
      probe: async () =>
        requestsOf(machine, pod).find(({ request }) => request.path === 'auth/token/revoke-self'),
    })
    expect(revoked.error).toBeUndefined()
  })
})

test('in ConfigMap mode the agent reads HCL', async () => {
  await machine.kubectl.run(['apply', '--filename', '-'], fixture('agent-configmap.yaml'))
  await create('stock-configmap', { 'vault.hashicorp.com/agent-configmap': 'agent' })
  expect(await readFileInPod(machine, 'stock-configmap', '/vault/secrets/key')).toBe(`${key}\n`)
})

/** Resolves once the pod is ready; our own webhook leaves it alone, since it has an agent already. */
async function create(name: string, annotations: Readonly<Record<string, string>>) {
  const all = { 'vault.hashicorp.com/agent-inject': 'true', ...annotations }
  const pod = withToken(JSON.parse(await annotatedPod(machine, name, all)))
  const outcome = mutate(pod, nameNamespace(namespace), defaults)
  if (outcome.kind !== 'injected') throw new Error(`not injected: ${outcome.kind}`)
  const injected = jsonPatch.applyPatch(pod, [...outcome.patch]).newDocument
  await machine.kubectl.run(['create', '--filename', '-'], JSON.stringify(injected))
  await readyPod(name, () => readPod(machine, name))
}

/** vault-k8s looks for the mount that the API server gives to every container, which is not there yet. */
function withToken(pod: V1Pod): V1Pod {
  const mountPath = '/var/run/secrets/kubernetes.io/serviceaccount'
  const mount = { name: tokenVolume, mountPath, readOnly: true }
  const sources = [{ serviceAccountToken: { path: 'token', expirationSeconds: 3600 } }]
  const containers = (pod.spec?.containers ?? []).map((container) => ({
    ...container,
    volumeMounts: [mount],
  }))
  return {
    ...pod,
    spec: {
      ...pod.spec,
      containers,
      volumes: [{ name: tokenVolume, projected: { sources } }],
      terminationGracePeriodSeconds: 10,
      securityContext: { seccompProfile: { type: 'RuntimeDefault' } },
    },
  }
}
