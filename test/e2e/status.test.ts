/** `claviger status` of pods whose agents are well, refused, and not ours. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { runClaviger } from './support/command-line.ts'
import { fixture, openMachine, writeSecret } from './support/machine.ts'
import { annotatedPod, awaitLog, prepareNamespace, readPod, readyPod } from './support/pods.ts'
import { namespace } from './vault/setup.ts'

const machine = openMachine()
const names = ['status-well', 'status-refused', 'status-foreign']
const status = (...words: readonly string[]) =>
  runClaviger(machine, ['status', '-n', namespace, ...words])

/** The cells of a pod's line, which two spaces part. */
function cellsOf(table: string, pod: string): readonly string[] {
  const line = table.split('\n').find((text) => text.startsWith(`${pod} `))
  return line?.split(/ {2,}/) ?? []
}

beforeAll(async () => {
  await prepareNamespace(machine)
  await writeSecret(machine, 'status', ['key'])
  const create = async (name: string, role: string) => {
    const manifest = await annotatedPod(machine, name, {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': role,
      'vault.hashicorp.com/agent-inject-secret-key': 'secret/data/app/status',
    })
    await machine.kubectl.run(['create', '--filename', '-'], manifest)
  }
  await create('status-well', 'app')
  await create('status-refused', 'somebody-else')
  await machine.kubectl.run(['create', '--filename', '-'], fixture('foreign-agent.yaml'))
  await readyPod('status-well', () => readPod(machine, 'status-well'))
  await readyPod('status-foreign', () => readPod(machine, 'status-foreign'))
  const refused = { pod: 'status-refused', container: 'vault-agent-init', pattern: /refused/ }
  await awaitLog(machine, refused)
})

afterAll(async () => {
  await machine.kubectl.run(['--namespace', namespace, 'delete', 'pods', '--wait=false', ...names])
})

describe('claviger status', () => {
  test('lists the pods with what their agents say', async () => {
    const { status: code, stdout } = await status()
    expect(code).toBe(0)
    const well = cellsOf(stdout, 'status-well')
    expect(well.slice(1, 4)).toEqual(['init+sidecar', 'ready', '1'])
    expect(well[4]).toMatch(/^\d+s$|^\dm/)
    expect(well[5]).toMatch(/^in \dm/)
    expect(well.slice(6)).toEqual(['-', '-'])
  })

  test('names the error of one that is refused', async () => {
    const { stdout } = await status()
    expect(cellsOf(stdout, 'status-refused').join(' ')).toMatch(/starting 0 .*login_refused/)
  })

  test('keeps those in the list that tell nothing', async () => {
    const { stdout } = await status()
    const foreign = cellsOf(stdout, 'status-foreign')
    expect(foreign.slice(1)).toEqual(['sidecar only', 'ready', '-', '-', '-', '-', '-'])
    const alone = await status('status-foreign')
    expect(alone.stdout).toContain('its agent tells nothing')
  })

  test('shows the secrets of one pod with their files', async () => {
    const { stdout } = await status('pod/status-well')
    expect(stdout).toMatch(/^session: ends in /m)
    expect(stdout).toMatch(/^secret\/data\/app\/status +key +\S+ +in \S+ +never +-$/m)
    expect(stdout).toMatch(/^\/vault\/secrets\/key +rendered +-$/m)
  })

  test('is JSON for programs', async () => {
    const { stdout } = await status('-output=json')
    const { pods } = JSON.parse(stdout)
    const answers = pods.map((pod: { pod: string; answered: string }) => [pod.pod, pod.answered])
    expect(Object.fromEntries(answers)).toMatchObject({
      'status-well': 'said',
      'status-refused': 'said',
      'status-foreign': 'silent',
    })
  })

  test('never shows a value', async () => {
    const texts = [await status(), await status('status-well'), await status('-output=json')]
    for (const { stdout, stderr } of texts) {
      expect(stdout + stderr).not.toContain(machine.context.canary)
    }
  })
})
