/** The main job: an annotated Deployment becomes a pod whose entrypoint sources its secrets. */

import { beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { loginsOf } from './support/audit-log.ts'
import { shownBy } from './support/examples.ts'
import { findLeaks } from './support/leaks.ts'
import { applyExample, openMachine, writeSecret } from './support/machine.ts'
import { awaitLog, execInPod, findPod, nameOf, prepareNamespace, readyPod } from './support/pods.ts'

const machine = openMachine()

describe('an annotated Deployment', () => {
  let pod: V1Pod
  let expected: string

  beforeAll(async () => {
    await prepareNamespace(machine)
    const database = await writeSecret(machine, 'database', ['username', 'password'])
    const redis = await writeSecret(machine, 'redis', ['password'])
    expected = shownBy({
      DB_USERNAME: database.username,
      DB_PASSWORD: database.password,
      REDIS_PASSWORD: redis.password,
    })
    await applyExample(machine, 'deployment.yaml')
    const find = () => findPod(machine, 'app.kubernetes.io/name=app')
    pod = await readyPod('the annotated pod', find)
  })

  test('runs, with the init agent and the sidecar in its pod', () => {
    expect(pod.status?.phase).toBe('Running')
    expect(pod.spec?.initContainers?.map(({ name }) => name)).toEqual(['vault-agent-init'])
    expect(pod.spec?.containers.map(({ name }) => name)).toEqual(['app', 'vault-agent'])
  })

  test('has sourced its secrets before its entrypoint went on', async () => {
    const pattern = /REDIS_PASSWORD sha256/
    expect(await awaitLog(machine, { pod: nameOf(pod), container: 'app', pattern })).toBe(expected)
  })

  test('logs in to Vault once for init container and sidecar together', () => {
    expect(loginsOf(machine, pod).map(({ error }) => error)).toEqual([undefined])
  })

  test.each([
    ['no shell in the agent', 'vault-agent', ['/bin/sh', '-c', 'true'], /no such file/],
    ['a root that the agent cannot write', 'vault-agent', runNode('/probe'), /EROFS/],
    ['no state of the agent in the app', 'app', ['ls', '/vault/state'], /No such file/],
    ['secrets that the app cannot change', 'app', ['touch', '/vault/secrets/redis'], /Read-only/],
  ])('has %s', async (_, container, command, refusal) => {
    const { status, stderr } = await execInPod(machine, { pod: nameOf(pod), container }, command)
    expect(status).not.toBe(0)
    expect(stderr).toMatch(refusal)
  })

  test('leaves no value and no token in any log or in etcd', async () => {
    expect(await findLeaks(machine)).toEqual([])
  })

  test('would be caught at leaving one', async () => {
    const leaksOf = (canary: string) =>
      findLeaks({ ...machine, context: { ...machine.context, canary } })
    const inLog = `a secret value in the log of app in ${nameOf(pod)}`
    const inStore = `a secret value in /registry/pods/demo/${nameOf(pod)} in etcd`
    expect(await leaksOf('DB_PASSWORD sha256')).toContain(inLog)
    expect(await leaksOf('secret/data/app/database')).toContain(inStore)
  })
})

function runNode(path: string): readonly string[] {
  return ['/usr/local/bin/node', '-e', `fs.writeFileSync('${path}', '')`]
}
