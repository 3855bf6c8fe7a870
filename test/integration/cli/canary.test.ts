/** The command line's part of test/integration/canary.test.ts: markers in what it is given, none in what it says. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { canary, expectClean } from '../../support/canary.ts'
import { kvBody, type ScriptedVault, startScriptedVault } from '../../support/scripted-vault.ts'
import { type FakeCluster, type Stock, serveStock, startCluster } from './support/api-server.ts'
import { runCommandLine } from './support/command-line.ts'
import { runVerb } from './support/run-verb.ts'

const { value, token, body } = canary

describe('the command line', () => {
  const run = (words: readonly string[], input: string) => {
    const program = ['dist/claviger.cjs', ...words]
    return spawnSync(process.execPath, program, { input, encoding: 'utf8', env: {} })
  }
  const prefix = 'vault.hashicorp.com'
  const annotations = {
    [`${prefix}/agent-inject`]: 'true',
    [`${prefix}/role`]: value,
    'claviger.dev/role': token,
    [`${prefix}/service`]: `https://user:${value}@vault`,
    [`${prefix}/auth-path`]: `${value}?`,
    [`${prefix}/agent-inject-file-x`]: `/../${value}`,
    [`${prefix}/agent-inject-template-x`]: `{{ "${value}" | nosuch \`${token}\` }}`,
    [`${prefix}/agent-inject-template-y`]: `{{ with "${value} }}`,
    [`${prefix}/agent-inject-template-z`]: `{{ 'a${value}' }}`,
    [`${prefix}/agent-inject-template-w`]: `{{ end "${value}" "${token}`,
    [`${prefix}/agent-inject-template-v`]: `{{ (1).a "${value}" }} ${token} {{ 12${value} }}`,
    [`${prefix}/agent-limits-cpus`]: value,
  }
  const containers = [{ name: 'app', env: [{ name: 'LEGACY', value }], args: [token] }]
  const pod = JSON.stringify({
    kind: 'Pod',
    metadata: { name: 'p', annotations },
    spec: { containers },
  })
  const broken = `a: "${value}\n---\nb: [${token}\n---\n- ${body}: : {`

  test.each([
    ['inject', pod],
    ['validate', pod],
    ['validate --output=json', pod],
    ['validate --output=sarif', pod],
    ['validate', broken],
    ['validate --output=sarif', broken],
    ['inject --diff', broken],
    ['inject', `{"kind":"Pod","${value}`],
  ])('%s repeats no value of what is wrong', (words, text) => {
    const { status, stdout, stderr } = run(words.split(' '), text)
    expect([1, 65]).toContain(status)
    expectClean(stdout + stderr)
  })

  test('convert tells what it loses by name alone', () => {
    const variables = { AGENT_INJECT_NO_SUCH: value, AGENT_INJECT_CPU_LIMIT: token, 'ä.b': body }
    const values = {
      global: { externalVaultAddr: value },
      injector: { extraEnvironmentVars: variables, replicas: token },
    }
    expectClean(run(['convert', '-'], JSON.stringify(values)).stderr)
    const words = [`AGENT_INJECT_CPU_LIMIT=${token}`, `-no-such=${value}`, body]
    const { status, stderr } = run(['convert', '--strict', '--', 'agent-inject', ...words], '')
    expect(status).toBe(65)
    expectClean(stderr)
  })

  test.each([
    [['inject', `--vault-address=${value}`, `--vault-auth-path=${token}?`]],
    [['inject', `--kind=${value}`]],
  ])('a wrong flag is not repeated: %#', (words) => {
    const { status, stderr } = run(words, '')
    expect(status).toBe(64)
    expectClean(stderr)
  })
})

/** Values go to standard output of `get`, and nowhere else: not even where the store, the file or the command line is wrong. */
describe('the verbs of stores', () => {
  const encoded = Buffer.from(value).toString('base64')
  const folder = mkdtempSync(join(tmpdir(), 'claviger-canary-'))
  const broken = join(folder, 'broken.yaml')
  const shapeless = join(folder, 'shapeless.yaml')
  let cluster: FakeCluster
  let vault: ScriptedVault

  beforeAll(async () => {
    writeFileSync(join(folder, 'db'), JSON.stringify({ password: value, [`key-${token}`]: body }))
    writeFileSync(join(folder, 'text'), value)
    writeFileSync(broken, `dev: {type: aws, settings: {region: "${value}`)
    writeFileSync(shapeless, `dev: {type: aws, token: ${token}, settings: {password: ${value}}}`)
    cluster = await startCluster(({ method, path }) => {
      if (path.endsWith('/secrets/db')) {
        const data = { password: encoded, other: encoded }
        const metadata = { name: 'db', resourceVersion: '7' }
        return method === 'GET'
          ? { status: 200, body: { kind: 'Secret', metadata, data } }
          : { status: 422, body: { kind: 'Status', message: `${body} ${value}`, reason: token } }
      }
      return { status: 500, body: { kind: 'Status', message: `${value} ${body}` } }
    })
    vault = await startScriptedVault(({ path }) => {
      if (path.includes('garbled')) return { status: 200, body: `${body} ${value}` }
      if (path.includes('cut')) return 'cut'
      if (path.endsWith('secret/data/app')) return kvBody({ password: value })
      return { status: 403, body: { errors: [body, value] } }
    })
  })

  afterAll(async () => {
    await cluster.close()
    await vault.close()
    rmSync(folder, { recursive: true })
  })

  test.each<[string, number]>([
    ['get dir:db#pasword', 66],
    ['get dir:text#key', 66],
    ['get dir:text dir:missing', 66],
    ['get vault:secret/data/app#pasword', 66],
    ['get vault:secret/refused', 77],
    ['get vault:secret/garbled', 76],
    ['get vault:secret/cut', 69],
    ['get k8s:db#pasword', 66],
    ['get k8s:other', 75],
    ['set dir:text', 0],
    ['set dir:db#password', 0],
    ['set dir:text#password', 65],
    ['set dir:../outside', 65],
    [`set dir:db ${value}`, 64],
    [`set dir:db#password=${value} ${token}`, 64],
    ['set vault:secret/refused', 77],
    ['set k8s:db#password', 77],
    ['set k8s:other#password', 75],
    ['list dir:', 0],
    ['list vault:secret/', 77],
    ['list k8s:', 75],
    ['delete dir:missing -yes', 66],
    ['delete vault:secret/refused -yes', 77],
    ['delete k8s:db -yes', 77],
    ['history vault:secret/refused', 77],
    ['restore vault:secret/refused', 77],
    [`stores -store=x=vault:${value}`, 64],
    [`stores -store=x=aws:password=${value}`, 64],
    [`stores -store=x=db:url=postgresql://u:${value}@nowhere/db`, 0],
    [`stores -stores=${broken}`, 64],
    [`stores -stores=${shapeless}`, 64],
  ])('%s', async (words, code) => {
    const { status, stdout, stderr } = await runVerb(
      [
        ...words.split(' ').map((word) => word.replace(/^(-store=x=\w+):/, '$1 ')),
        `-store=dir=file directory=${folder}`,
        `-kubeconfig=${cluster.kubeconfig}`,
      ],
      { environment: { VAULT_ADDR: vault.address, VAULT_TOKEN: token }, input: value },
    )
    expectClean(stdout + stderr)
    expect(status).toBe(code)
  })

  test('get prints the value, and nothing of it on standard error', async () => {
    const words = ['get', 'dir:db#password', 'k8s:db', 'vault:secret/data/app']
    const { status, stdout, stderr } = await runVerb(
      [...words, `-store=dir=file directory=${folder}`, `-kubeconfig=${cluster.kubeconfig}`],
      { environment: { VAULT_ADDR: vault.address, VAULT_TOKEN: token } },
    )
    expect([status, stderr]).toEqual([0, ''])
    expect(stdout.split(value)).toHaveLength(5)
  })
})

/** Annotations and what other programs say hold markers; the agents, the store and the API server are full of them. */
describe('the verbs that ask a cluster', () => {
  const prefix = 'vault.hashicorp.com'
  const asks = {
    [`${prefix}/agent-inject`]: 'true',
    [`${prefix}/role`]: 'app',
    [`${prefix}/agent-inject-secret-key`]: 'secret/data/app',
  }
  const wrong = {
    ...asks,
    [`${prefix}/agent-inject-template-key`]: `{{ "${value}" | nosuch \`${token}\` }}`,
    [`${prefix}/service`]: `https://user:${value}@vault`,
    [`${prefix}/agent-limits-cpus`]: body,
  }
  const containers = [{ name: 'app', env: [{ name: 'LEGACY', value }], args: [token] }]
  const makeDeployment = (name: string, annotations: object) => ({
    metadata: { name, namespace: 'demo', annotations: { ...annotations, note: body } },
    spec: {
      selector: { matchLabels: { name } },
      template: { metadata: { annotations }, spec: { serviceAccountName: 'app', containers } },
    },
  })
  const running = { restartCount: 0, ready: true, state: { running: {} } }
  const labels = { 'app.kubernetes.io/name': 'claviger' }
  const pods = [
    { metadata: { name: 'bare', namespace: 'demo', annotations: wrong }, spec: { containers } },
    {
      metadata: { name: 'kept', namespace: 'demo' },
      spec: { containers: [...containers, { name: 'vault-agent', args: [value] }] },
      status: { message: body, containerStatuses: [{ ...running, name: 'vault-agent' }] },
    },
  ]
  const stock: Stock = {
    '/api/v1/pods': pods,
    '/api/v1/namespaces/demo/pods': pods,
    '/apis/apps/v1/namespaces/demo/statefulsets': [],
    '/apis/apps/v1/namespaces/demo/daemonsets': [],
    '/apis/batch/v1/namespaces/demo/cronjobs': [],
    '/apis/batch/v1/namespaces/demo/jobs': [],
    '/apis/apps/v1/namespaces/demo/deployments': [
      makeDeployment('well', asks),
      makeDeployment('wrong', wrong),
    ],
    '/apis/admissionregistration.k8s.io/v1/mutatingwebhookconfigurations': [
      {
        metadata: { name: 'w', resourceVersion: '1', annotations: { note: body }, labels },
        webhooks: [
          { name: 'w', clientConfig: { caBundle: Buffer.from(value).toString('base64') } },
        ],
      },
    ],
  }
  let cluster: FakeCluster
  let vault: ScriptedVault

  beforeAll(async () => {
    cluster = await startCluster(
      serveStock(stock, ({ method, path }) => {
        if (path.endsWith('/serviceaccounts/app/token')) {
          return { status: 201, body: { status: { token } } }
        }
        return method === 'GET' ? undefined : { status: 500, body: { message: `${body} ${value}` } }
      }),
    )
    const odd = { twice: Buffer.from(Buffer.from(value).toString('base64')).toString('base64') }
    const data = { ...odd, line: `${value}\n`, quoted: `"${value}"` }
    vault = await startScriptedVault(({ path }) => {
      if (path.startsWith('sys/health')) return { status: 200, body: { initialized: true } }
      if (path.endsWith('/login')) return { status: 200, body: { auth: { client_token: token } } }
      if (path.startsWith('sys/internal')) {
        return {
          status: 200,
          body: { data: { path: 'secret/', type: 'kv', options: { version: '2' } } },
        }
      }
      if (path === 'sys/capabilities-self') {
        return { status: 200, body: { data: { 'secret/data/app': ['read'] } } }
      }
      if (path === 'secret/data/app') return { status: 200, body: { data: { data } } }
      return { status: 500, body: { errors: [body, value] } }
    })
  })

  afterAll(async () => {
    await cluster.close()
    await vault.close()
  })

  test.each([
    ['doctor', 1],
    ['doctor -output=json', 1],
    ['doctor deployment/well', 1],
    ['doctor deployment/wrong -output=json', 1],
    ['status', 0],
    ['status -output=json', 0],
    ['status kept', 0],
    ['status -output=wide -A', 0],
    ['break-glass', 0],
    ['break-glass -for=5m', 77],
  ])('%s', async (words, code) => {
    const { status, stdout, stderr } = await runCommandLine(
      [...words.split(' '), `-kubeconfig=${cluster.kubeconfig}`, ...address(words)],
      { VAULT_TOKEN: token },
    )
    expectClean(stdout + stderr)
    expect(stdout + stderr).not.toContain(Buffer.from(token).toString('base64'))
    expect(stdout + stderr).not.toMatch(/canary-kubernetes-token/)
    expect(status).toBe(code)
  })

  test('doctor finds what is wrong with values that it does not tell', async () => {
    const words = ['doctor', 'deployment/well', `-kubeconfig=${cluster.kubeconfig}`]
    const { stdout } = await runCommandLine([...words, ...address('doctor')])
    for (const check of ['value-encoded-twice', 'value-ends-in-newline', 'quoted-text']) {
      expect(stdout).toContain(`[${check}]`)
    }
    expect(vault.requests.at(-1)?.path).toBe('auth/token/revoke-self')
  })

  const address = (words: string) =>
    words.startsWith('doctor') ? [`-vault-address=${vault.address}`] : []
})
