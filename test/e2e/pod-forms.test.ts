/** Every form of an injected pod, in a namespace that admits only pods of the Pod Security Standard `restricted`. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf } from './support/audit-log.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import {
  admitted,
  annotatedPod,
  prepareNamespace,
  readFileInPod,
  readPod,
  readyPod,
} from './support/pods.ts'

const machine = openMachine()
const prefix = 'vault.hashicorp.com/'
const asked = {
  'agent-inject': 'true',
  role: 'app',
  'agent-inject-secret-key': 'secret/data/app/database',
}

beforeAll(async () => {
  await prepareNamespace(machine)
  await writeSecret(machine, 'database', ['username', 'password'])
})

describe('a restricted namespace admits', () => {
  test.each<[string, Readonly<Record<string, string>>]>([
    ['init container and sidecar', {}],
    ['the init container alone', { 'agent-pre-populate-only': 'true' }],
    ['the sidecar alone', { 'agent-pre-populate': 'false' }],
    ['a native sidecar', { 'agent-native-sidecar': 'on' }],
    [
      'users that the cluster chooses',
      { 'agent-run-as-user': 'auto', 'agent-run-as-group': 'auto' },
    ],
    ['the group of root', { 'agent-run-as-group': '0' }],
    ['the user of the app', { 'agent-run-as-same-user': 'true' }],
    ['a secret for one container', { 'agent-inject-containers-key': 'app' }],
    ['the stock agent', { 'agent-image': 'hashicorp/vault:1.21.2', 'agent-cache-enable': 'true' }],
    ['the OpenBao agent', { 'agent-flavour': 'openbao', 'agent-revoke-on-shutdown': 'true' }],
    ['a ConfigMap', { 'agent-configmap': 'agent', 'agent-extra-secret': 'more' }],
    ['another audience', { 'agent-token-audience': 'vault', 'tls-secret': 'vault-tls' }],
  ])('%s', async (_, annotations) => {
    const pod = await admitted(machine, await ask('form', annotations))
    expect(agentsOf(pod).length).toBeGreaterThan(0)
    for (const agent of agentsOf(pod)) {
      // The API server adds the token of the app to whatever has nothing at its place.
      expect(listTokenMounts(agent)).toEqual(['vault-agent-token'])
    }
  })

  test('none whose annotations ask for root', async () => {
    const manifest = await ask('root', { 'agent-run-as-user': '0' })
    await expect(admitted(machine, manifest)).rejects.toThrow(/violates PodSecurity "restricted/)
  })
})

test('a pod with a user that the cluster chose at random reads its secrets', async () => {
  const annotations = { 'agent-run-as-user': 'auto', 'agent-run-as-group': 'auto' }
  const name = 'random-user'
  const securityContext = { runAsUser: 1_000_660_000, runAsGroup: 0, fsGroup: 1_000_660_000 }
  const manifest = JSON.parse(await ask(name, { ...annotations, 'agent-inject-perms-key': '0400' }))
  const [app] = manifest.spec.containers
  delete app.securityContext.runAsUser
  const text = JSON.stringify({ ...manifest, spec: { ...manifest.spec, securityContext } })
  await machine.kubectl.run(['create', '--filename', '-'], text)
  const pod = await readyPod('the pod', () => readPod(machine, name))
  expect(await readFileInPod(machine, name, '/vault/secrets/key')).toContain(machine.context.canary)
  expect(loginsOf(machine, pod)).toHaveLength(1)
})

test('a pod with a native sidecar keeps its secrets fresh', async () => {
  const name = 'native'
  const annotations = {
    'agent-native-sidecar': 'on',
    'template-static-secret-render-interval': '1s',
  }
  await machine.kubectl.run(['create', '--filename', '-'], await ask(name, annotations))
  const pod = await readyPod('the pod', () => readPod(machine, name))
  const sidecar = pod.status?.initContainerStatuses?.find((status) => status.name === 'vault-agent')
  expect(sidecar).toMatchObject({ started: true, state: { running: expect.anything() } })
  const { password } = await writeSecret(machine, 'database', ['username', 'password'])
  await until({
    what: 'the changed secret in the file',
    probe: async () => {
      const text = await readFileInPod(machine, name, '/vault/secrets/key')
      return text.includes(password) || undefined
    },
  })
  expect(loginsOf(machine, pod)).toHaveLength(1)
})

function ask(name: string, annotations: Readonly<Record<string, string>>): Promise<string> {
  const all = Object.entries({ ...asked, ...annotations })
  const prefixed = all.map(([key, value]) => [prefix + key, value])
  return annotatedPod(machine, name, Object.fromEntries(prefixed))
}

function agentsOf({ spec }: V1Pod): readonly V1Container[] {
  const all = [...(spec?.initContainers ?? []), ...(spec?.containers ?? [])]
  return all.filter(({ name }) => name.startsWith('vault-agent'))
}

function listTokenMounts({ volumeMounts = [] }: V1Container): readonly string[] {
  return volumeMounts
    .filter(({ mountPath }) => /serviceaccount/.test(mountPath))
    .map(({ name }) => name)
}
