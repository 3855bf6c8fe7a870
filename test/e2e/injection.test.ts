/** The main job: an annotated Deployment becomes a pod whose entrypoint sources its secrets. */
import { createHash } from 'node:crypto'
import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { loginsOf } from './support/audit-log.ts'
import { findLeaks } from './support/leaks.ts'
import { fixture, openMachine, writeSecret } from './support/machine.ts'
import { awaitLog, findPod, nameOf, prepareNamespace, readyPod } from './support/pods.ts'

const machine = openMachine()

describe('an annotated Deployment', () => {
  let pod: V1Pod
  let expected: string

  beforeAll(async () => {
    await prepareNamespace(machine)
    const database = await writeSecret(machine, 'web/database', ['username', 'password'])
    const redis = await writeSecret(machine, 'web/redis', ['password'])
    expected = digestOf([
      `DB_USER=${database.username}`,
      `DB_PASSWORD=${database.password}`,
      `REDIS_URL=redis://:${redis.password}@redis:6379`,
    ])
    await machine.kubectl.run(['apply', '--filename', '-'], fixture('deployment.yaml'))
    pod = await readyPod('the annotated pod', () => findPod(machine, 'app=web'))
  })

  test('runs, with the init agent and the sidecar in its pod', () => {
    expect(pod.status?.phase).toBe('Running')
    expect(pod.spec?.initContainers?.map(({ name }) => name)).toContain('vault-agent-init')
    expect(pod.spec?.containers.map(({ name }) => name)).toContain('vault-agent')
  })

  test('has sourced its secrets before its entrypoint went on', async () => {
    const log = await awaitLog(machine, {
      pod: nameOf(pod),
      container: 'app',
      pattern: /^digest: \w{64}$/m,
    })
    expect(log).toContain('variables: DB_USER DB_PASSWORD REDIS_URL\n')
    expect(log).toContain(`digest: ${expected}\n`)
  })

  test('logs in to Vault once for init container and sidecar together', () => {
    expect(loginsOf(machine, pod).map(({ error }) => error)).toEqual([undefined])
  })

  test('leaves no value and no token in any log or object', async () => {
    expect(await findLeaks(machine)).toEqual([])
  })
})

function digestOf(lines: readonly string[]): string {
  return createHash('sha256')
    .update(lines.map((line) => `${line}\n`).join(''))
    .digest('hex')
}
