/** One Deployment whose one sidecar renders from six stores, each with the pod's own identity. */
import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals'
import type { V1Pod } from '@kubernetes/client-node'
import { loadAll } from 'js-yaml'
import { type Collector, startCollector } from '../support/collector.ts'
import { Input } from '../support/stores/aws-fake-operation.ts'
import { application } from '../support/stores/entra-fake.ts'
import { nameOf as secretName } from '../support/stores/gcp-peer.ts'
import { provider } from '../support/stores/google-identity-fake.ts'
import { until } from './polling.ts'
import { admitPods, askPostgresql } from './postgresql/server.ts'
import { network, postgresql } from './settings.ts'
import { loginsOf } from './support/audit-log.ts'
import { type CloudStores, startCloudStores } from './support/cloud-stores.ts'
import { findLeaks } from './support/leaks.ts'
import { fixture, openMachine, writeSecret } from './support/machine.ts'
import { findPod, nameOf, prepareNamespace, readFileInPod, readyPod } from './support/pods.ts'
import { namespace } from './vault/setup.ts'

const machine = openMachine()
const { canary } = machine.context
const stores = ['vault', 'aws', 'gcp', 'azure', 'k8s', 'db'] as const
type StoreName = (typeof stores)[number]

const refresh = 'refresh=2s'
const authority = 'ca_cert=/vault/tls/ca.crt'
const reader = { name: 'stores_reader', password: 'reader-of-the-suite' } as const

let clouds: CloudStores
let collector: Collector
let pod: V1Pod
let serial = 0

beforeAll(async () => {
  await prepareNamespace(machine)
  clouds = await startCloudStores()
  collector = await startCollector(0, network.node)
  await prepareTable()
  await applySecret('stores-ca', { 'ca.crt': clouds.ca })
  await applySecret('stores-password', { password: reader.password })
  for (const store of stores) await change(store)
  await machine.kubectl.run(['apply', '--filename', '-'], JSON.stringify(await manifest()))
  pod = await readyPod('the pod of six stores', () => findPod(machine, 'app=stores'))
})

afterAll(async () => {
  // What lies in the Secrets would be a leak to the tests after these.
  const secrets = ['stores-ca', 'stores-password', 'stores-value'].map((name) => `secret/${name}`)
  const all = ['deployment/stores', 'role/stores', 'rolebinding/stores', ...secrets]
  await machine.kubectl.run(['--namespace', namespace, 'delete', '--ignore-not-found', ...all])
  await askPostgresql('DROP TABLE secret')
  await askPostgresql(`DROP ROLE ${reader.name}`)
  await clouds.stop()
  await collector.close()
})

const current = new Map<StoreName, string>()

describe('a pod of six stores', () => {
  test('has one file with a value of each', async () => {
    expect(await readValues()).toEqual(current)
  })

  test('has one sidecar, which logged in once to each', () => {
    const names = pod.spec?.containers.map(({ name }) => name)
    expect(names?.filter((name) => name.startsWith('vault-agent'))).toEqual(['vault-agent'])
    expect(loginsOf(machine, pod)).toHaveLength(1)
    expect(clouds.aws.calls.filter(({ operation }) => operation === 'sts')).toHaveLength(1)
    expect(clouds.google.requests).toHaveLength(1)
    expect(clouds.entra.requests).toHaveLength(1)
  })

  test('tells a collector what was asked of each, and for which pod', async () => {
    const isWhole = () => {
      const reads = collector.spans.filter(({ name }) => name === 'read_secret')
      const asked = reads.map(({ attributes }) => attributes['claviger.store.name'] ?? 'vault')
      return stores.every((store) => asked.includes(store)) || undefined
    }
    await until({ what: 'spans of all stores', probe: async () => isWhole() })
    expect(collector.faults).toEqual([])
    const pods = new Set(collector.spans.map(({ resource }) => resource['k8s.pod.name']))
    expect(pods).toEqual(new Set([nameOf(pod)]))
    expect(collector.requests.filter(({ text }) => text.includes(canary))).toEqual([])
  })

  test.each(stores)('has a change in %s in its file', async (store) => {
    await change(store)
    await untilCurrent()
  })

  test('does not wait for a store that hangs, and has its change once it is back', async () => {
    clouds.azure.inject('hanging')
    clouds.gcp.inject('down')
    for (const store of ['vault', 'aws', 'k8s', 'db'] as const) await change(store)
    await untilCurrent()
    await change('azure')
    await change('gcp')
    clouds.azure.inject(undefined)
    clouds.gcp.inject(undefined)
    await untilCurrent()
  })

  test('leaves no value and no token in any log or in etcd, but for the Secrets that lie there', async () => {
    const leaks = await findLeaks(machine)
    expect(leaks.filter((leak) => !/\/secrets\/demo\/stores-/.test(leak))).toEqual([])
  })
})

/** A new value, with the canary in it. */
async function change(store: StoreName): Promise<void> {
  serial += 1
  const value = `${canary}.${store}.${serial}`
  if (store === 'vault') {
    current.set(store, (await writeSecret(machine, 'stores', ['value'])).value)
    return
  }
  current.set(store, value)
  switch (store) {
    case 'aws':
      writeAws(JSON.stringify({ password: value }))
      break
    case 'gcp':
      writeGcp(value)
      break
    case 'azure':
      clouds.azure.secrets.set('STORES-VALUE', { value })
      break
    case 'k8s':
      await applySecret('stores-value', { 'a.key': value })
      break
    case 'db':
      await askPostgresql(
        `INSERT INTO secret VALUES ('stores', '${value}', now()) ON CONFLICT (key) DO UPDATE SET value = EXCLUDED.value, last_updated = now()`,
      )
  }
}

/** Made, then rotated. */
function writeAws(text: string): void {
  const { secrets } = clouds.aws
  const name = 'stores/value'
  if (secrets.find(name) !== undefined) {
    secrets.rotate(name, text, Date.now())
    return
  }
  const input = { Name: name, SecretString: text, ClientRequestToken: randomUUID() }
  const create = secrets.service['CreateSecret']
  create?.(new Input(JSON.stringify(input), Object.keys(input)), {
    region: 'eu-west-1',
    now: Date.now(),
  })
}

function writeGcp(value: string): void {
  const { secrets } = clouds.gcp
  const name = secretName('stores')
  if (!secrets.all.has(name)) secrets.create(name, { replication: { automatic: {} } })
  secrets.addVersion(name, { data: Buffer.from(value).toString('base64') })
}

async function prepareTable(): Promise<void> {
  await admitPods(clouds.tls)
  await askPostgresql(
    'CREATE TABLE secret (key text PRIMARY KEY, value text, last_updated timestamp)',
  )
  await askPostgresql(`CREATE ROLE ${reader.name} WITH LOGIN PASSWORD '${reader.password}'`)
  await askPostgresql(`GRANT SELECT ON secret TO ${reader.name}`)
}

async function applySecret(name: string, data: Readonly<Record<string, string>>): Promise<void> {
  const secret = {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { name, namespace },
    stringData: data,
  }
  // Not `apply`, which would keep the values in an annotation.
  const exists = await machine.kubectl.tryRun(['--namespace', namespace, 'get', 'secret', name])
  const verb = exists.status === 0 ? 'replace' : 'create'
  await machine.kubectl.run([verb, '--filename', '-'], JSON.stringify(secret))
}

const annotations = (): Readonly<Record<string, string>> => ({
  'claviger.dev/agent-inject': 'true',
  'claviger.dev/role': 'app',
  'claviger.dev/template-static-secret-render-interval': '2s',
  'claviger.dev/tls-secret': 'stores-ca',
  'claviger.dev/agent-traces-endpoint': collector.address,
  'claviger.dev/agent-extra-secret': 'stores-password',
  'claviger.dev/store-aws': `region=eu-west-1 endpoint=${clouds.aws.address} sts_endpoint=${clouds.aws.address}/sts role_arn=arn:aws:iam::123456789012:role/app ${authority} ${refresh}`,
  'claviger.dev/store-gcp': `project=demo-project endpoint=${clouds.gcp.address} provider=${provider} sts_endpoint=${clouds.google.address} ${authority} ${refresh}`,
  'claviger.dev/store-azure': `vault_url=${clouds.azure.address} authority=${clouds.entra.address} client_id=${application} timeout=3s ${authority} ${refresh}`,
  // A change that comes sooner was heard of.
  'claviger.dev/store-k8s': 'refresh=1h',
  'claviger.dev/store-db': `url=postgresql://${reader.name}@${postgresql.host}:${postgresql.port}/postgres password_path=/vault/custom/password ${authority} ${refresh}`,
  'claviger.dev/agent-inject-template-all': [
    line('vault', 'with secret "secret/data/app/stores"', '.Data.data.value'),
    line('aws', 'with secret "aws:stores/value"', '.Data.password'),
    line('gcp', 'with secret "gcp:stores"', '.Data.value'),
    line('azure', 'with secret "azure:STORES_VALUE"', '.Data.data.value'),
    line('k8s', 'with secret "k8s:stores-value"', 'index .Data "a.key"'),
    line('db', 'with secret "db:stores"', '.Data.value'),
  ].join(''),
})

function line(store: StoreName, ask: string, value: string): string {
  return `{{ ${ask} }}${store}={{ ${value} }}\n{{ end }}`
}

/** The fixture, its Deployment's pods with the annotations. */
async function manifest() {
  const items = loadAll(fixture('stores.yaml')).map((document) => {
    const object = JSON.parse(JSON.stringify(document))
    if (object.kind === 'Deployment') object.spec.template.metadata.annotations = annotations()
    return object
  })
  return { apiVersion: 'v1', kind: 'List', items }
}

async function readValues(): Promise<ReadonlyMap<string, string>> {
  const text = await readFileInPod(machine, nameOf(pod), '/vault/secrets/all')
  const pairs = text.trimEnd().split('\n')
  return new Map(
    pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
}

function untilCurrent(): Promise<void> {
  return until({
    what: 'the current values in the file',
    probe: async () => {
      const values = await readValues()
      const stale = stores.filter((store) => values.get(store) !== current.get(store))
      if (stale.length === 0) return true
      throw new Error(`stale: ${stale}`)
    },
  }).then(() => undefined)
}
