/** What an operator sees when Vault refuses the login. */
import { beforeAll, describe, expect, test } from '@jest/globals'
import { loginsOf } from './support/audit-log.ts'
import { findLeaks } from './support/leaks.ts'
import { openMachine } from './support/machine.ts'
import { annotatedPod, awaitLog, prepareNamespace, readPod } from './support/pods.ts'

const machine = openMachine()
const name = 'wrong-role'
const role = 'somebody-else'

describe('a pod with a role that Vault refuses', () => {
  let log: string

  beforeAll(async () => {
    await prepareNamespace(machine)
    const manifest = await annotatedPod(machine, name, {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': role,
      'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/database',
    })
    await machine.kubectl.run(['create', '--filename', '-'], manifest)
    const container = 'vault-agent-init'
    log = await awaitLog(machine, { pod: name, container, pattern: new RegExp(role) })
  })

  test('waits in its init container', async () => {
    const pod = await readPod(machine, name)
    expect(pod.status?.phase).toBe('Pending')
    expect(pod.status?.containerStatuses?.map(({ started }) => started)).toEqual(
      pod.spec?.containers.map(() => false),
    )
  })

  test('says in one line which role and path were refused, and with which status', () => {
    const line = log.split('\n').find((candidate) => candidate.includes(role))
    expect(line).toMatch(/auth\/kubernetes\/login/)
    expect(line).toMatch(/\b40[03]\b/)
  })

  test('never shows a token', async () => {
    const pod = await readPod(machine, name)
    expect(loginsOf(machine, pod).length).toBeGreaterThan(0)
    expect(await findLeaks(machine)).toEqual([])
  })
})
