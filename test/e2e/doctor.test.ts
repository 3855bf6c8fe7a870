/** `claviger doctor` on the real cluster, with every fault planted that can be had in seconds. */
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import { changeGuards, readCaller } from '../../cli/break-glass/break-glass.ts'
import type { CheckId } from '../../cli/doctor/checks.ts'
import { release } from './claviger.ts'
import {
  asks,
  namespace,
  nativeUnknown,
  plantCa,
  plantDeployment,
  plantPod,
  plantPolicy,
  plantRelease,
  role,
} from './doctor/planted.ts'
import { until } from './polling.ts'
import { vaultUrl } from './settings.ts'
import { openCommandLine, runClaviger } from './support/command-line.ts'
import { openMachine } from './support/machine.ts'

const machine = openMachine()
const { kubectl, vault, context } = machine
const installed = { release: release.name }
const missing = 'no-such-service'

const releases = [
  plantRelease('service', { service: missing }),
  plantRelease('bundle', { failurePolicy: 'Ignore' }),
  plantRelease('garbage', {
    caBundle: '-----BEGIN CERTIFICATE-----\nAA==\n-----END CERTIFICATE-----',
  }),
  plantRelease('expired', { caBundle: plantCa(-1) }),
  plantRelease('stranger', { caBundle: plantCa(10) }),
  plantRelease('silent', { selects: { planted: 'silent' }, expression: 'false' }),
  plantRelease('broken', { selects: { planted: 'broken' }, caBundle: plantCa(90) }),
  plantPolicy('service'),
]

/** The real webhook leaves namespaces with that label to others. */
const others = ['silent', 'broken'].map((name) => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: {
    name: `doctor-${name}`,
    labels: { planted: name, 'e2e.claviger.dev/injector': 'none' },
  },
}))

const odd = {
  twice: Buffer.from(Buffer.from(`${context.canary} twice`).toString('base64')).toString('base64'),
  json: JSON.stringify(JSON.stringify({ key: context.canary })),
  line: `${context.canary}\n`,
  quoted: `"${context.canary}"`,
}

const well = 'secret/data/app/doctor'
const objects = [
  ...[{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } }],
  ...[{ apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name: 'app', namespace } }],
  plantDeployment('well', asks(well)),
  plantDeployment('misplaced', {}, asks(well)),
  plantDeployment('wrong', asks(well, { role: '' })),
  plantDeployment('vain', asks(well, { 'agent-limits-cpus': '1' })),
  plantDeployment('nobody', asks(well, { role: 'nobody' })),
  plantDeployment('unbound', asks(well, { role: 'doctor-unbound' })),
  plantDeployment('wide', asks(well, { role: 'doctor-wide' })),
  plantDeployment('audience', asks(well, { role: 'doctor-audience' })),
  plantDeployment('nowhere', asks(well, { 'auth-path': 'auth/nowhere' })),
  plantDeployment('unreviewed', asks(well, { 'auth-path': 'auth/doctor' })),
  plantDeployment('forbidden', asks('secret/data/others/key')),
  plantDeployment('absent', asks('secret/data/app/absent')),
  plantDeployment('odd', asks('secret/data/app/doctor-odd')),
  plantPod('stuck', asks(well, { role: 'nobody' })),
  plantPod('crashing', asks(well, { 'agent-image': 'docker.io/library/busybox:1.37' })),
  plantPod('no-image', asks(well, { 'agent-image': 'localhost/no-such-image:1' })),
  plantPod('hungry', asks(well, { 'agent-limits-mem': '12Mi', 'agent-requests-mem': '12Mi' })),
  plantPod('native', {}, nativeUnknown),
]

async function setUpVault(): Promise<void> {
  const bound = { bound_service_account_names: 'app', bound_service_account_namespaces: namespace }
  const common = { ...bound, token_policies: 'app', token_ttl: '5m' }
  const write = (name: string, data: object) =>
    vault.call('POST', `auth/kubernetes/role/${name}`, { ...common, ...data })
  await write(role, {})
  await write('doctor-unbound', { bound_service_account_namespaces: 'elsewhere' })
  await write('doctor-wide', { bound_service_account_namespaces: '*' })
  await write('doctor-audience', { audience: 'another' })
  await vault.call('POST', 'sys/auth/doctor', { type: 'kubernetes' })
  // Nobody answers there, so no token can be reviewed.
  await vault.call('POST', 'auth/doctor/config', {
    kubernetes_host: 'https://127.0.0.1:1',
    disable_local_ca_jwt: true,
  })
  await vault.call('POST', `auth/doctor/role/${role}`, common)
  await vault.call('POST', well, { data: { key: context.canary } })
  await vault.call('POST', 'secret/data/app/doctor-odd', { data: odd })
}

const manifest = JSON.stringify({
  apiVersion: 'v1',
  kind: 'List',
  items: [...others, ...objects, ...releases],
})

/** While it is disarmed. */
async function plantUninjected(): Promise<void> {
  const cluster = openCommandLine(machine)
  const { now } = await readCaller(cluster, Date.now())
  const disarming = { until: now + 60_000, by: 'a test', reason: '' }
  await changeGuards(cluster, installed, disarming)
  const pod = JSON.stringify(plantPod('bare', asks(well)))
  const probe = JSON.stringify(plantPod('probe', asks(well)))
  const dryRun = ['create', '--dry-run=server', '--filename', '-', '--output', 'json']
  const injects = async () => {
    const { spec } = JSON.parse(await kubectl.run(dryRun, probe))
    return spec.containers.length > 1
  }
  await until({
    what: 'the webhook to be disarmed',
    probe: async () => ((await injects()) ? undefined : true),
  })
  await kubectl.run(['create', '--filename', '-'], pod)
  await changeGuards(cluster, installed, undefined)
  await until({
    what: 'the webhook to be armed',
    probe: async () => ((await injects()) ? true : undefined),
  })
}

interface Finding {
  readonly kind: string
  readonly check: CheckId
  readonly subject?: string
  readonly detail?: string
  readonly fix?: string
}

/** What failed. */
async function examine(
  words: readonly string[],
  environment: Readonly<Record<string, string>> = {},
): Promise<readonly Finding[]> {
  const { stdout, stderr, status } = await runClaviger(
    machine,
    ['doctor', '-output=json', ...words],
    environment,
  )
  expect(stderr).toBe('')
  expect(stdout).not.toContain(context.canary)
  expect(stdout).not.toMatch(/hvs\.|eyJhbGciOi/)
  const { results, problems } = JSON.parse(stdout)
  expect(status).toBe(problems > 0 ? 1 : 0)
  return results.filter(({ kind }: Finding) => kind === 'failed')
}

const idsOf = (findings: readonly Finding[]) => [...new Set(findings.map(({ check }) => check))]

beforeAll(async () => {
  await setUpVault()
  const first = { apiVersion: 'v1', kind: 'List', items: objects.slice(0, 2) }
  await kubectl.run(['apply', '--filename', '-'], JSON.stringify(first))
  await plantUninjected()
  await kubectl.run(['apply', '--server-side', '--filename', '-'], manifest)
})

afterAll(async () => {
  const names = releases.map(({ kind, metadata }) => `${kind.toLowerCase()}/${metadata.name}`)
  await kubectl.run(['delete', '--ignore-not-found', ...names])
  const namespaces = [namespace, ...others.map(({ metadata }) => metadata.name)]
  await kubectl.run(['delete', 'namespace', '--wait=false', '--ignore-not-found', ...namespaces])
  await vault.call('DELETE', 'sys/auth/doctor')
  for (const name of [role, 'doctor-unbound', 'doctor-wide', 'doctor-audience']) {
    await vault.call('DELETE', `auth/kubernetes/role/${name}`)
  }
})

const real = [`-release=${release.name}`, '-n', namespace]

test('a workload that is well has no findings', async () => {
  expect(await examine([...real, 'deployment/well'])).toEqual([])
})

describe('an installation', () => {
  test.each<[string, readonly string[], readonly CheckId[]]>([
    ['that is none', ['-release=nothing'], ['not-installed']],
    [
      'without its Service, and with an unbound policy',
      ['-release=doctor-service'],
      ['service-missing', 'policy-not-bound', 'ca-bundle-missing'],
    ],
    [
      'that fails open, and has no CA bundle',
      ['-release=doctor-bundle'],
      ['failure-policy-open', 'ca-bundle-missing'],
    ],
    ['with a CA bundle that is none', ['-release=doctor-garbage'], ['ca-bundle-invalid']],
    ['whose CA has expired', ['-release=doctor-expired'], ['ca-expired']],
    [
      'whose CA is another one, and expires soon',
      ['-release=doctor-stranger'],
      ['ca-expires', 'certificate-untrusted'],
    ],
    ['that leaves out the namespace', ['-release=doctor-stranger'], ['pod-left-out']],
    [
      'with a condition that leaves out the pod',
      ['-release=doctor-silent', '-n', 'doctor-silent'],
      ['injection-fails'],
    ],
    [
      'that the API server cannot call',
      ['-release=doctor-broken', '-n', 'doctor-broken'],
      ['injection-fails', 'certificate-untrusted'],
    ],
  ])('%s', async (_, words, expected) => {
    expect(idsOf(await examine([...words, '-no-login']))).toEqual(
      expect.arrayContaining([...expected]),
    )
  })

  test('that is disarmed', async () => {
    const words = ['break-glass', '-release=doctor-broken']
    await runClaviger(machine, [...words, '-for=1m', '-reason=a test'])
    const findings = await examine(['-release=doctor-broken', '-n', 'doctor-broken', '-no-login'])
    const [disarmed] = findings.filter(({ check }) => check === 'disarmed')
    expect(disarmed?.detail).toMatch(/^until .*, by admin: a test$/)
    await runClaviger(machine, [...words, '-end'])
  })
})

test('pods and workloads of a namespace', async () => {
  const expected: readonly (readonly [CheckId, string])[] = [
    ['not-injected', `Pod ${namespace}/bare`],
    ['annotation-misplaced', `Deployment ${namespace}/misplaced`],
    ['annotation-problem', `Deployment ${namespace}/wrong`],
    ['annotation-warning', `Deployment ${namespace}/vain`],
    ['agent-stuck', `Pod ${namespace}/stuck`],
    ['agent-crashes', `Pod ${namespace}/crashing`],
    ['image-not-pulled', `Pod ${namespace}/no-image`],
    ['agent-out-of-memory', `Pod ${namespace}/hungry`],
    ['native-sidecar-unsupported', `Pod ${namespace}/native`],
  ]
  // The kubelet takes its time to give up on a container, and tries it again in between.
  const found = new Set<string>()
  await until({
    what: 'every planted fault to be found',
    probe: async () => {
      for (const { check, subject } of await examine(real)) found.add(`${check} ${subject}`)
      const left = expected.map((pair) => pair.join(' ')).filter((text) => !found.has(text))
      if (left.length > 0) throw new Error(left.join(', '))
      return true
    },
    deadlineMs: 100_000,
  })
})

describe('the store', () => {
  test.each<[string, readonly string[], readonly CheckId[]]>([
    ['has no such role', ['deployment/nobody'], ['role-missing']],
    ['has not bound the role', ['deployment/unbound'], ['role-not-bound']],
    ['wants another audience', ['deployment/audience'], ['audience-wrong']],
    ['has no such auth method', ['deployment/nowhere'], ['auth-mount-missing']],
    ['cannot have the token reviewed', ['deployment/unreviewed'], ['login-refused']],
    ['does not allow the path', ['deployment/forbidden'], ['path-forbidden']],
    ['has no such secret', ['deployment/absent'], ['secret-missing']],
    [
      'has values that were spoilt on their way',
      ['deployment/odd'],
      ['value-encoded-twice', 'value-json-in-json', 'value-ends-in-newline', 'quoted-text'],
    ],
    [
      'is not there',
      ['deployment/well', '-vault-address=http://127.0.0.1:1'],
      ['store-unreachable'],
    ],
    [
      'is not trusted',
      ['deployment/well', '-vault-address=https://10.214.0.1'],
      ['store-untrusted'],
    ],
  ])('%s', async (_, words, expected) => {
    expect(idsOf(await examine([...real, ...words]))).toEqual(expected)
  })

  test.each<[string, string, CheckId]>([
    ['is open to all namespaces', 'wide', 'role-too-wide'],
    ['is bound elsewhere', 'unbound', 'role-not-bound'],
    ['has another audience', 'audience', 'audience-wrong'],
    ['is missing', 'nobody', 'role-missing'],
  ])('shows a role that %s to whoever may read it', async (_, name, expected) => {
    const words = [...real, `deployment/${name}`, '-no-login']
    expect(
      idsOf(await examine(words, { VAULT_TOKEN: context.rootToken, VAULT_ADDR: vaultUrl })),
    ).toEqual([expected])
  })
})
