/** A secret that changes while the pod runs. */

import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Container, V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf, requestsOf } from './support/audit-log.ts'
import { findLeaks } from './support/leaks.ts'
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
const name = 'change'
const file = '/vault/secrets/key'

describe('a secret that changes while the pod runs', () => {
  let pod: V1Pod

  beforeAll(async () => {
    await prepareNamespace(machine)
    const { key } = await writeSecret(machine, 'change', ['key'])
    const manifest = await annotatedPod(machine, name, {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'app',
      'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/change',
      'vault.hashicorp.com/agent-inject-template-key':
        '{{ with secret "secret/data/app/change" }}{{ .Data.data.key }}{{ end }}',
    })
    const injected = hasten(await admitted(machine, manifest))
    await machine.kubectl.run(['create', '--filename', '-'], JSON.stringify(injected))
    pod = await readyPod(name, () => readPod(machine, name))
    expect(await readFileInPod(machine, name, file)).toBe(key)
  })

  test('reaches the file, under the login of the init container', async () => {
    const { key } = await writeSecret(machine, 'change', ['key'])
    await until({
      what: 'the changed secret in the file',
      probe: async () => (await readFileInPod(machine, name, file)) === key || undefined,
    })
    const reads = requestsOf(machine, pod).filter(({ request }) => /^secret\//.test(request.path))
    expect(reads.length).toBeGreaterThan(1)
    expect(loginsOf(machine, pod)).toHaveLength(1)
  })

  test('leaves no value and no token in any log or in etcd', async () => {
    expect(await findLeaks(machine)).toEqual([])
  })
})

/** The injected pod as the webhook made it, but for the interval at which the agent reads static secrets again. */
function hasten(pod: V1Pod): V1Pod {
  const { metadata, spec } = pod
  if (spec === undefined) throw new Error('a pod without spec')
  const { namespace, annotations } = metadata ?? {}
  return {
    apiVersion: 'v1',
    kind: 'Pod',
    metadata: { name, ...(namespace && { namespace }), ...(annotations && { annotations }) },
    spec: {
      ...spec,
      containers: spec.containers.map(hastenContainer),
      initContainers: (spec.initContainers ?? []).map(hastenContainer),
    },
  }
}

function hastenContainer(container: V1Container): V1Container {
  const env = container.env?.map((variable) => {
    if (variable.name !== 'VAULT_CONFIG') return variable
    const config = JSON.parse(Buffer.from(variable.value ?? '', 'base64').toString('utf8'))
    const hastened = {
      ...config,
      template_config: { ...config.template_config, static_secret_render_interval: '2s' },
    }
    return { ...variable, value: Buffer.from(JSON.stringify(hastened)).toString('base64') }
  })
  return { ...container, ...(env && { env }) }
}
