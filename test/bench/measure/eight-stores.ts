/** A store of each type with one secret: a directory, SQLite, and fakes of services that count what they are asked. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import type { Store } from '../../../core/stores/store.ts'
import { trustedSubject } from '../../support/stores/aws-fake-identity.ts'
import { startFakeScene } from '../../support/stores/aws-peers.ts'
import { startAzureScene } from '../../support/stores/azure-peer.ts'
import { appSubject } from '../../support/stores/cluster-issuer.ts'
import { exchangeAudience } from '../../support/stores/entra-fake.ts'
import { bearerOf } from '../../support/stores/fake-service.ts'
import { startGcpScene } from '../../support/stores/gcp-peer.ts'
import { provider } from '../../support/stores/google-identity-fake.ts'
import { startFakeKubernetes } from '../../support/stores/kubernetes-fake.ts'
import { sqliteTable } from '../../support/stores/sqlite-peer.ts'
import { createMemory, openTestStore, type TestPorts } from '../../support/stores/store-ports.ts'
import type { Scene } from './scene.ts'

/** All but the pod's own Vault. */
export type OtherType = Exclude<StoreTypeName, 'vault'>

export interface OtherStore {
  /** Those that lead to it. */
  readonly settings: ReadonlyMap<string, string>
  /** Requests since it was opened. */
  readonly asked: () => Asked
  /** Moves the service's clock, milliseconds; undefined: it has none of its own. */
  readonly skewBy?: (ms: number) => void
}

export interface Asked {
  /** To become somebody: token exchanges, and what tells where to make them. */
  readonly exchanges: number
  readonly reads: number
}

/** Of the secret in each store, which is a JSON object with a `password`. */
export const secretPath = 'bench'

/** Lives longer than any run; a real one is replaced by the kubelet. */
const tokenHours = 48

export async function openOtherStores(
  scene: Scene,
  folder: string,
): Promise<ReadonlyMap<OtherType, OtherStore>> {
  mkdirSync(folder, { recursive: true })
  const stores = new Map<OtherType, OtherStore>([
    ...(await openAws(scene)),
    ['gcp', await openGcp(scene)],
    ['azure', await openAzure(scene)],
    ['k8s', await openKubernetes(scene, folder)],
    ['file', openFiles(folder)],
    ['db', openSqlite(folder)],
  ])
  for (const [type, { settings }] of stores) await fill(type, settings)
  return new Map(Array.from(stores, ([type, store]) => [type, fromNow(store)]))
}

/** As the agent's configuration has it; a hibernating agent does not sleep while it watches. */
export function describeStores(
  stores: ReadonlyMap<OtherType, OtherStore>,
  watches: boolean,
): Readonly<Record<string, object>> {
  const described = Array.from(stores, ([type, { settings }]) => {
    const more = type === 'k8s' ? { watch: watches } : {}
    return [type, { type, ...Object.fromEntries(settings), ...more }] as const
  })
  return Object.fromEntries(described)
}

async function fill(type: OtherType, settings: ReadonlyMap<string, string>): Promise<void> {
  const store = await openTestStore(type, settings)
  const bytes = Buffer.from('{"password":"bench"}')
  await store.write?.({ path: secretPath, content: { kind: 'whole', bytes } })
  await store.close?.()
}

/** What filling it has asked does not count. */
function fromNow(store: OtherStore): OtherStore {
  const before = store.asked()
  return {
    ...store,
    asked: () => {
      const { exchanges, reads } = store.asked()
      return { exchanges: exchanges - before.exchanges, reads: reads - before.reads }
    },
  }
}

/** One account and one role: the login that serves both counts as one of the first. */
async function openAws(scene: Scene): Promise<ReadonlyMap<'aws' | 'ssm', OtherStore>> {
  const { fake, tokenPath, settings, close } = await startFakeScene()
  scene.defer(close)
  const expiresAt = Date.now() + tokenHours * 3_600_000
  writeFileSync(tokenPath, await fake.cluster.issue('sts.amazonaws.com', trustedSubject, expiresAt))
  const count = (is: (operation: string) => boolean) =>
    fake.calls.filter(({ operation }) => is(operation)).length
  const isLogin = (operation: string) => operation === 'sts'
  const isParameter = (operation: string) => operation.includes('Parameter')
  const asked = () => ({
    exchanges: count(isLogin),
    reads: count((operation) => !isLogin(operation) && !isParameter(operation)),
  })
  return new Map([
    ['aws', { settings, asked, skewBy: fake.skewBy }],
    ['ssm', { settings, asked: () => ({ exchanges: 0, reads: count(isParameter) }) }],
  ])
}

async function openGcp(scene: Scene): Promise<OtherStore> {
  const { cluster, identity, service, tokenPath, settings, close } = await startGcpScene()
  scene.defer(close)
  const audience = `//iam.googleapis.com/${provider}`
  const claims = { audience, subject: appSubject, lifetime: tokenHours * 3600 }
  writeFileSync(tokenPath, await cluster.mint(claims))
  return {
    settings,
    asked: () => ({ exchanges: identity.requests.length, reads: service.requests.length }),
  }
}

async function openAzure(scene: Scene): Promise<OtherStore> {
  const { cluster, entra, service, tokenPath, settings, close } = await startAzureScene()
  scene.defer(close)
  const claims = { audience: exchangeAudience, subject: appSubject }
  writeFileSync(tokenPath, await cluster.mint({ ...claims, lifetime: tokenHours * 3600 }))
  return {
    settings,
    asked: () => {
      // Without a token it is asked for its tenant.
      const reads = service.requests.filter((request) => bearerOf(request) !== undefined).length
      const exchanges = entra.requests.length + service.requests.length - reads
      return { exchanges, reads }
    },
  }
}

async function openKubernetes(scene: Scene, folder: string): Promise<OtherStore> {
  const fake = await startFakeKubernetes()
  scene.defer(fake.stop)
  const tokenPath = join(folder, 'k8s-token')
  writeFileSync(tokenPath, fake.token)
  return {
    settings: new Map([
      ['server', fake.server],
      ['namespace', fake.namespace],
      ['token_path', tokenPath],
    ]),
    asked: () => ({ exchanges: 0, reads: fake.requests.length }),
  }
}

function openFiles(folder: string): OtherStore {
  const directory = join(folder, 'files')
  mkdirSync(directory)
  return { settings: new Map([['directory', directory]]), asked: () => askedNobody }
}

function openSqlite(folder: string): OtherStore {
  const file = join(folder, 'keep.db')
  const database = new DatabaseSync(file)
  database.exec(sqliteTable)
  database.close()
  return { settings: new Map([['url', `sqlite://${file}`]]), asked: () => askedNobody }
}

const askedNobody: Asked = { exchanges: 0, reads: 0 }

/** Identity exchanges of the clouds' stores, as one agent has them, in so many hours of a clock that is moved on by five minutes after each read. */
export async function countExchanges(
  stores: ReadonlyMap<OtherType, OtherStore>,
  hours: number,
): Promise<number> {
  let passedMs = 0
  const ports: TestPorts = { now: () => Date.now() + passedMs, memory: createMemory() }
  const count = () =>
    Array.from(stores.values(), ({ asked }) => asked().exchanges).reduce((sum, one) => sum + one, 0)
  const before = count()
  const opened: Store[] = []
  for (const [type, { settings }] of stores) opened.push(await openTestStore(type, settings, ports))
  for (; passedMs < hours * 3_600_000; passedMs += 300_000) {
    for (const { skewBy } of stores.values()) skewBy?.(passedMs)
    for (const store of opened) await readBench(store)
  }
  for (const store of opened) await store.close?.()
  return count() - before
}

async function readBench(store: Store): Promise<void> {
  const [outcome] = await store.read([{ path: secretPath, version: undefined, known: undefined }])
  if (outcome?.kind !== 'read') throw new Error(`${store.name} did not read`)
}
