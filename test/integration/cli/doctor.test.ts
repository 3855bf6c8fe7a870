/** What `claviger doctor` says of certificates near their end, and of stores that are sealed, unknown or only the pod's. */
import { once } from 'node:events'
import { connect } from 'node:net'
import { createServer } from 'node:tls'
import { afterAll, describe, expect, test } from '@jest/globals'
import type { V1MutatingWebhookConfiguration } from '@kubernetes/client-node'
import { findAgent } from '../../../cli/cluster/agent-containers.ts'
import { examineCertificates } from '../../../cli/doctor/certificates.ts'
import type { Examination } from '../../../cli/doctor/examination.ts'
import { usualDefaults } from '../../../cli/doctor/installed-defaults.ts'
import type { Result } from '../../../cli/doctor/result.ts'
import { examineStore } from '../../../cli/doctor/store.ts'
import { connectStore, type StorePlace } from '../../../cli/doctor/store-client.ts'
import { examineHealth } from '../../../cli/doctor/store-health.ts'
import { parseReport } from '../../../cli/status/agent-report.ts'
import type { PodState } from '../../../cli/status/read-pods.ts'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'
import { startScriptedVault } from '../../support/scripted-vault.ts'
import { createStubCluster } from '../../support/stub-cluster.ts'

const hourMs = 3_600_000
const now = Date.now()
const validity = (hours: number) => ({ notBefore: now - hourMs, notAfter: now + hours * hourMs })
const closing: (() => unknown)[] = []
afterAll(async () => {
  for (const close of closing) await close()
})

const idsOf = (results: readonly Result[]) =>
  results.flatMap(({ kind, check }) => (kind === 'passed' ? [] : [`${kind} ${check}`]))

const service = { name: 'claviger-webhook', namespace: 'claviger' }
const host = `${service.name}.${service.namespace}.svc`

function describeWebhooks(bundle: string): V1MutatingWebhookConfiguration {
  const clientConfig = { service, caBundle: Buffer.from(bundle).toString('base64') }
  const entry = { name: 'w', admissionReviewVersions: ['v1'], sideEffects: 'None', clientConfig }
  return { metadata: { name: 'w' }, webhooks: [entry] }
}

/** A webhook that serves a certificate for `hosts` that ends in `hours`, signed by the CA of the bundle. */
async function serve(hours: number, hosts: readonly string[], isTls = true) {
  const ca = createCa('CA', validity(2000))
  const server = createServer(createLeaf(ca, hosts, validity(hours)))
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  closing.push(() => server.close())
  const address = server.address()
  const port = typeof address === 'object' && isTls ? (address?.port ?? 0) : 1
  const cluster = createStubCluster({
    objects: {
      pods: [
        {
          metadata: { name: 'p', namespace: service.namespace },
          status: { conditions: [{ type: 'Ready', status: 'True' }] },
        },
      ],
    },
    connect: async () => connect(port, '127.0.0.1'),
  })
  const installation = { webhooks: describeWebhooks(ca.cert), policy: undefined }
  const examination: Examination = {
    cluster,
    scope: { namespace: 'demo', target: undefined },
    installation,
    backend: { podLabels: '', deployment: undefined },
    defaults: usualDefaults(),
    knowsDefaults: false,
    now,
  }
  return { examination, installation }
}

describe('a certificate that is served', () => {
  test.each<[string, number, readonly string[], readonly string[]]>([
    ['for a year', 8760, [host], []],
    ['for a week more, and is not our own', 168, [host], ['failed certificate-expires']],
    ['for another name', 8760, ['elsewhere'], ['failed certificate-untrusted']],
  ])('%s', async (_, hours, hosts, expected) => {
    const { examination, installation } = await serve(hours, hosts)
    expect(idsOf(await examineCertificates(examination, installation))).toEqual(expected)
  })

  test('where nobody listens is not examined', async () => {
    const { examination, installation } = await serve(8760, [host], false)
    expect(idsOf(await examineCertificates(examination, installation))).toEqual([
      'skipped certificate-untrusted',
      'skipped certificate-expires',
    ])
  })
})

describe('a store', () => {
  const place = (address: string, more: Partial<StorePlace> = {}): StorePlace => ({
    address,
    namespace: 'team',
    loginNamespace: undefined,
    ca: undefined,
    caInPod: undefined,
    serverName: undefined,
    skipVerify: false,
    ...more,
  })
  const examine = async (given: StorePlace, states: readonly PodState[] = []) =>
    idsOf((await examineHealth(connectStore(given, {}), states)).results)

  test.each<[string, object, readonly string[]]>([
    ['that is well', { initialized: true, sealed: false }, []],
    ['that stands by', { initialized: true, sealed: false, standby: true }, []],
    ['that is sealed', { initialized: true, sealed: true }, ['failed store-sealed']],
    ['that is new', { initialized: false, sealed: true }, ['failed store-sealed']],
  ])('%s', async (_, body, expected) => {
    const vault = await startScriptedVault(() => ({ status: 200, body }))
    closing.push(vault.close)
    expect(await examine(place(vault.address))).toEqual(expected)
    // The path is of the root namespace alone.
    expect(vault.requests[0]?.namespace).toBeUndefined()
  })

  test('that is not there for us, but for an agent, is no problem', async () => {
    const pod = { spec: { containers: [{ name: 'vault-agent' }] } }
    const agent = findAgent(pod)
    const status = parseReport(JSON.stringify({ ready: true, secrets: [], files: [] }))
    if (agent === undefined || status === undefined) throw new Error('no agent')
    const away = place('http://127.0.0.1:1')
    expect(await examine(away)).toEqual(['failed store-unreachable'])
    const state: PodState = { pod, agent, report: { kind: 'said', status } }
    expect(await examine(away, [state])).toEqual(['skipped store-unreachable'])
  })

  test('whose CA lies in the pod is not examined', async () => {
    const ca = createCa('CA', validity(1))
    const server = createServer(createLeaf(ca, ['127.0.0.1'], validity(1)))
    server.listen(0, '127.0.0.1')
    await once(server, 'listening')
    closing.push(() => server.close())
    const address = server.address()
    const port = typeof address === 'object' ? address?.port : 0
    const given = place(`https://127.0.0.1:${port}`)
    expect(await examine(given)).toEqual(['failed store-untrusted'])
    expect(await examine({ ...given, caInPod: '/vault/tls/ca.crt' })).toEqual([
      'skipped store-untrusted',
    ])
  })
})

describe('the token of whoever calls', () => {
  const token = 'hvs.of-the-caller'
  /** A pod that names the store by itself, as its author may. */
  async function examine(variables: Readonly<Record<string, string>>, byFlag = false) {
    const vault = await startScriptedVault(({ path }) =>
      path.startsWith('sys/health')
        ? { status: 200, body: { initialized: true } }
        : { status: 404, body: { errors: [] } },
    )
    closing.push(vault.close)
    const config = {
      vault: { address: vault.address },
      auto_auth: { method: { type: 'kubernetes', config: { role: 'app' } } },
      template: [{ destination: '/vault/secrets/text', contents: 'text' }],
    }
    const value = Buffer.from(JSON.stringify(config)).toString('base64')
    const agent = { name: 'vault-agent', env: [{ name: 'VAULT_CONFIG', value }] }
    const pod = { metadata: { name: 'p', namespace: 'demo' }, spec: { containers: [agent] } }
    const { examination } = await serve(1, [host])
    const subject = { pod, namespace: 'demo', name: 'Pod demo/p' }
    const results = await examineStore(examination, subject, {
      variables: Object.fromEntries(
        Object.entries(variables).map(([name, text]) => [
          name,
          text.replace('VAULT', vault.address),
        ]),
      ),
      address: byFlag ? vault.address : undefined,
      mayLogIn: false,
      states: [],
    })
    return { ids: idsOf(results), shown: vault.requests.map((request) => request.token) }
  }

  test('is not shown to a store that the pod names', async () => {
    const { ids, shown } = await examine({ VAULT_TOKEN: token, VAULT_ADDR: 'https://vault:8200' })
    expect(shown).not.toContain(token)
    expect(ids).toContain('skipped role-too-wide')
  })

  test.each([
    ['VAULT_ADDR', { VAULT_TOKEN: token, VAULT_ADDR: 'VAULT/' }, false],
    ['the flag', { VAULT_TOKEN: token }, true],
  ])('is shown to a store that %s names', async (_, variables, byFlag) => {
    const { ids, shown } = await examine(variables, byFlag)
    expect(shown).toContain(token)
    expect(ids).toContain('failed role-missing')
  })
})
