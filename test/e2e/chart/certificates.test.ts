/** A certificate in a Secret, on the cluster: the webhook publishes its CA, takes a new one as it comes, and no upgrade resets it. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from '@jest/globals'
import { createCa, createLeaf } from '../../../webhook/tls/x509.ts'
import { imageValues } from '../claviger.ts'
import { until } from '../polling.ts'
import { images, repository, vaultUrl } from '../settings.ts'
import { openMachine } from '../support/machine.ts'
import { admitted } from '../support/pods.ts'
import { runHelm, tryHelm } from './helm.ts'

const machine = openMachine()
const { kubectl } = machine
const [release, apps] = ['own-certs', 'own-certs-apps']
const webhook = `${release}-claviger-webhook`
const label = 'e2e.claviger.dev/injector'

const values = {
  global: { externalVaultAddr: vaultUrl },
  injector: {
    replicas: 1,
    image: imageValues(images.webhook),
    certs: { secretName: 'own', certName: 'cert.pem', keyName: 'key.pem', caName: 'ca.pem' },
    webhook: { namespaceSelector: { matchLabels: { [label]: release } } },
  },
}
const install = [
  ...[release, join(repository, 'charts/claviger'), '--namespace', release],
  ...['--set-json', JSON.stringify(values), '--wait', '--timeout', '3m'],
]

/** Stores a certificate of a new CA and tells the CA. */
async function renew(): Promise<string> {
  const validity = { notBefore: Date.now() - 60_000, notAfter: Date.now() + 3_600_000 }
  const ca = createCa('Own CA', validity)
  const { cert, key } = createLeaf(ca, [`${webhook}.${release}.svc`], validity)
  const stringData = { 'cert.pem': cert, 'key.pem': key, 'ca.pem': ca.cert }
  const metadata = { name: 'own', namespace: release }
  await apply({ apiVersion: 'v1', kind: 'Secret', metadata, stringData })
  return ca.cert
}

const apply = (manifest: object) =>
  kubectl.run(['apply', '--filename', '-'], JSON.stringify(manifest))

async function readBundle(): Promise<string> {
  const path = 'jsonpath={.webhooks[*].clientConfig.caBundle}'
  const args = ['get', 'mutatingwebhookconfiguration', webhook, '--output', path]
  return Buffer.from(await kubectl.run(args), 'base64').toString()
}

const published = (ca: string) =>
  until({
    what: 'the CA in the webhook configuration',
    probe: async () => (await readBundle()) === ca || undefined,
  })

async function inject(): Promise<readonly string[]> {
  const annotations = {
    'vault.hashicorp.com/agent-inject': 'true',
    'vault.hashicorp.com/role': 'app',
  }
  const metadata = { name: 'app', namespace: apps, annotations }
  const spec = { containers: [{ name: 'app', image: images.app }] }
  const pod = await admitted(
    machine,
    JSON.stringify({ apiVersion: 'v1', kind: 'Pod', metadata, spec }),
  )
  return (pod.spec?.initContainers ?? []).map(({ name }) => name)
}

const injected = () =>
  until({
    what: 'an injection',
    probe: async () => ((await inject()).length > 0 ? true : undefined),
  })

beforeAll(async () => {
  for (const [name, injector] of Object.entries({ [release]: 'none', [apps]: release })) {
    const metadata = { name, labels: { [label]: injector } }
    await apply({ apiVersion: 'v1', kind: 'Namespace', metadata })
  }
})

afterAll(async () => {
  await tryHelm(machine, ['uninstall', release, '--namespace', release])
  await kubectl.run(['delete', 'namespace', release, apps, '--ignore-not-found', '--wait=false'])
})

test('its CA is published, kept by an upgrade, and exchanged with the Secret', async () => {
  const first = await renew()
  await runHelm(machine, ['install', ...install])
  await published(first)
  await injected()
  await runHelm(machine, ['upgrade', ...install])
  expect(await readBundle()).toBe(first)
  const second = await renew()
  // The kubelet writes a mounted Secret anew once a minute or so, and when the pod changes.
  const pods = ['--selector', 'app.kubernetes.io/component=webhook']
  await kubectl.run(['--namespace', release, 'annotate', 'pods', ...pods, 'look=again'])
  await published(second)
  await injected()
})
