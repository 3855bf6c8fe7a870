/** The whole values file of a user of vault-helm, installed on the cluster: it injects, stays as it is, and gives the store's CA. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createCa } from '../../../webhook/tls/x509.ts'
import { imageValues } from '../claviger.ts'
import { until } from '../polling.ts'
import { images, repository } from '../settings.ts'
import { openMachine } from '../support/machine.ts'
import { admitted } from '../support/pods.ts'
import { runHelm, tryHelm } from './helm.ts'
import { stockFiles } from './values.ts'

const machine = openMachine()
const { kubectl } = machine
const [release, apps] = ['stock-values', 'stock-values-apps']
const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }
const args = [
  ...[release, join(repository, 'charts/claviger'), '--namespace', release],
  ...['--values', stockFiles.get('custom') ?? ''],
  ...['--set-json', `injector.image=${JSON.stringify(imageValues(images.webhook))}`],
  ...['--set', 'injector.vaultCa.secretName=store-ca'],
  ...['--set', `injector.test.namespace=${apps}`, '--wait', '--timeout', '3m'],
]

/** Everything of the release, with the version that any change would raise. */
async function listVersions(): Promise<string> {
  const kinds = [
    ...['deployment', 'service', 'serviceaccount', 'secret', 'configmap', 'role', 'rolebinding'],
    ...['poddisruptionbudget', 'clusterrole', 'clusterrolebinding'],
    ...[
      'mutatingwebhookconfiguration',
      'validatingadmissionpolicy',
      'validatingadmissionpolicybinding',
    ],
  ]
  const path = `jsonpath={range .items[*]}{.kind} {.metadata.name} {.metadata.resourceVersion}{"\\n"}{end}`
  const selector = `app.kubernetes.io/instance=${release}`
  const query = ['--namespace', release, 'get', kinds.join(), '--selector', selector]
  return kubectl.run([...query, '--output', path])
}

const storeCa = (name: string) => {
  const { cert } = createCa(name, validity)
  const metadata = { name: 'store-ca', namespace: release }
  const manifest = { apiVersion: 'v1', kind: 'Secret', metadata, stringData: { 'ca.crt': cert } }
  return { cert, manifest: JSON.stringify(manifest) }
}

const pod = JSON.stringify({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: {
    name: 'app',
    namespace: apps,
    annotations: {
      'vault.hashicorp.com/agent-inject': 'true',
      'vault.hashicorp.com/role': 'app',
    },
  },
  spec: { containers: [{ name: 'app', image: images.app }] },
})

beforeAll(async () => {
  const namespaces = [
    { name: release, labels: { 'e2e.claviger.dev/injector': 'none' } },
    { name: apps, labels: { 'e2e.claviger.dev/injector': 'vault-helm' } },
  ]
  for (const metadata of namespaces) {
    const manifest = { apiVersion: 'v1', kind: 'Namespace', metadata }
    await kubectl.run(['apply', '--filename', '-'], JSON.stringify(manifest))
  }
  await kubectl.run(['apply', '--filename', '-'], storeCa('first').manifest)
  await runHelm(machine, ['install', ...args])
})

afterAll(async () => {
  await tryHelm(machine, ['uninstall', release, '--namespace', release, '--wait'])
  await kubectl.run(['delete', 'namespace', release, apps, '--ignore-not-found', '--wait=false'])
})

test('injects, with its defaults', async () => {
  const injected = await until({
    what: 'an injection',
    probe: async () => {
      const answer = await admitted(machine, pod)
      return answer.spec?.initContainers === undefined ? undefined : answer
    },
  })
  const [agent] = injected.spec?.initContainers ?? []
  expect(agent?.resources?.requests).toMatchObject({ cpu: '25m', memory: '64Mi' })
})

test('another upgrade with the same values changes nothing', async () => {
  await runHelm(machine, ['upgrade', ...args])
  const before = await listVersions()
  expect(before.split('\n').length).toBeGreaterThan(10)
  await runHelm(machine, ['upgrade', ...args])
  const isRecord = /helm\.release|sh\.helm/
  const lines = (text: string) => text.split('\n').filter((line) => !isRecord.test(line))
  expect(lines(await listVersions())).toEqual(lines(before))
})

test('helm test passes', async () => {
  const shown = await runHelm(machine, ['test', release, '--namespace', release, '--logs'])
  expect(shown).toContain(`good: pods of namespace ${apps} are injected`)
  expect(shown).toMatch(/good: the store at \S+ answers/)
})

test('pods get the CA of the store from the Secret, and the new one once it changes', async () => {
  const holds = async (cert: string) => {
    const text = JSON.stringify(await admitted(machine, pod))
    const parts = [text, ...(text.match(/[A-Za-z0-9+/=]{300,}/g) ?? []).map(decode)]
    const forms = [Buffer.from(cert).toString('base64'), JSON.stringify(cert).slice(1, -3)]
    return parts.some((part) => forms.some((form) => part.includes(form))) || undefined
  }
  const next = storeCa('second')
  await kubectl.run(['apply', '--filename', '-'], next.manifest)
  // The kubelet writes a mounted Secret anew once a minute or so, and when the pod changes.
  const webhook = ['--selector', 'app.kubernetes.io/component=webhook']
  await kubectl.run(['--namespace', release, 'annotate', 'pods', ...webhook, 'look=again'])
  await until({ what: 'the new CA in a pod', probe: () => holds(next.cert) })
})

const decode = (base64: string) => Buffer.from(base64, 'base64').toString()
