/** A secret that changes while the pod runs. */

import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { until } from './polling.ts'
import { loginsOf, requestsOf } from './support/audit-log.ts'
import { findLeaks } from './support/leaks.ts'
import { openMachine, writeSecret } from './support/machine.ts'
import { annotatedPod, prepareNamespace, readFileInPod, readPod, readyPod } from './support/pods.ts'

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
      'vault.hashicorp.com/template-static-secret-render-interval': '2s',
      'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/change',
      'vault.hashicorp.com/agent-inject-template-key':
        '{{ with secret "secret/data/app/change" }}{{ .Data.data.key }}{{ end }}',
    })
    await machine.kubectl.run(['create', '--filename', '-'], manifest)
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
