/** What the verbs that ask a cluster say when they cannot: which kubeconfig, context, permission or server is wrong. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, test } from '@jest/globals'
import {
  type ApiScript,
  describeConfig,
  type FakeCluster,
  serveStock,
  startCluster,
  token,
} from './support/api-server.ts'
import { runCommandLine } from './support/command-line.ts'

const folder = mkdtempSync(join(tmpdir(), 'claviger-kubeconfig-'))
const started: FakeCluster[] = []
afterAll(async () => {
  rmSync(folder, { recursive: true })
  for (const cluster of started) await cluster.close()
})

async function start(script: ApiScript): Promise<string> {
  const cluster = await startCluster(script)
  started.push(cluster)
  return cluster.kubeconfig
}

function write(name: string, text: string): string {
  const path = join(folder, name)
  writeFileSync(path, text)
  return path
}

describe.each(['doctor', 'status', 'break-glass'])('%s says', (verb) => {
  test.each<[string, readonly string[], RegExp, number]>([
    ['that there is no kubeconfig', [], /there is no kubeconfig, expected: -kubeconfig=PATH/, 78],
    [
      'that it does not exist',
      ['-kubeconfig=missing'],
      /kubeconfig: missing, reason: does not/,
      78,
    ],
    [
      'that it is none',
      [`-kubeconfig=${write('text', 'a: [')}`],
      /text, reason: cannot be read as a kubeconfig/,
      78,
    ],
    [
      'that there is no such context',
      [`-kubeconfig=${write('fine', describeConfig('http://127.0.0.1:1'))}`, '-context=her'],
      /context: her, expected: one of here, hint: did you mean -context=here\?/,
      78,
    ],
    [
      'that nobody answers',
      [`-kubeconfig=${write('nobody', describeConfig('http://127.0.0.1:1'))}`],
      /does not answer \(server: http:\/\/127.0.0.1:1, cause: ECONNREFUSED/,
      69,
    ],
  ])('%s', async (_, words, expected, code) => {
    const { status, stdout, stderr } = await runCommandLine([verb, ...words])
    expect([status, stdout]).toEqual([code, ''])
    expect(stderr).toMatch(expected)
    expect(stderr).not.toContain(token)
  })
})

describe('a permission that is missing', () => {
  const refusing: ApiScript = () => ({ status: 403, body: { message: 'canary' } })

  test.each([
    ['status', 'list pods in namespace demo', 'kubectl auth can-i list pods --namespace=demo'],
    [
      'break-glass',
      'list mutatingwebhookconfigurations.admissionregistration.k8s.io',
      'kubectl auth can-i list mutatingwebhookconfigurations.admissionregistration.k8s.io --all-namespaces',
    ],
  ])('is named by %s', async (verb, operation, command) => {
    const kubeconfig = await start(refusing)
    const { status, stderr } = await runCommandLine([verb, '-kubeconfig', kubeconfig])
    expect(status).toBe(77)
    expect(stderr).toContain(`operation: ${operation}, status: 403`)
    expect(stderr).toContain(command)
    expect(stderr).not.toContain('canary')
  })

  test('is no problem to doctor, which says what it could not examine', async () => {
    const kubeconfig = await start(refusing)
    const { status, stdout } = await runCommandLine(['doctor', '-kubeconfig', kubeconfig])
    expect(status).toBe(0)
    expect(stdout).toMatch(/\? not examined: whether every annotated pod has an agent\n.*list pods/)
    expect(stdout).toMatch(/0 problems, 0 warnings, 0 checks passed, \d not examined\n$/)
    expect(stdout).not.toContain('canary')
  })
})

test('several files of KUBECONFIG are one, and the first has the say', async () => {
  const first = await start(serveStock({ '/api/v1/namespaces/demo/pods': [] }))
  const second = write('second', describeConfig('http://127.0.0.1:1'))
  const { status, stderr } = await runCommandLine(['status'], {
    KUBECONFIG: `${folder}/absent:${first}:${second}`,
  })
  expect([status, stderr]).toEqual([0, expect.stringContaining('no pod with an agent')])
})

test.each([
  [['status', '-n=a', '-A'], /-all-namespaces: expected no -namespace beside it/],
  [['status', '-n=a', '-namespace=b'], /-n: expected the same as -namespace/],
  [['status', '-output=yaml'], /-output: expected one of table, wide, json/],
  [['status', 'a', 'b'], /b: expected no more than one pod or object/],
  [['doctor', 'deployment/a', '-A'], /-all-namespaces: expected no deployment\/a beside it/],
  [['doctor', 'service/a'], /service\/a: expected the name of a pod, or KIND\/NAME/],
  [['doctor', '-vault-address=ftp://a'], /-vault-address: expected an http/],
  [['break-glass', '-for=30s'], /-for: expected a duration from 1m to 24h.*got "30s"/],
  [['break-glass', '-for=soon'], /-for: expected a duration from 1m to 24h/],
  [['break-glass', '-for=5m', '-end'], /-end: expected no -for beside it/],
  [['break-glass', '-reason=x'], /-reason: expected at most 200 characters, and -for beside it/],
  [['break-glass', 'now'], /break-glass: expected flags only/],
])('%j is refused', async (words, expected) => {
  const { status, stderr } = await runCommandLine(words)
  expect(status).toBe(64)
  expect(stderr).toMatch(expected)
})
