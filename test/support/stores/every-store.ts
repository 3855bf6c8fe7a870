/** Peers of all types of stores at once, as an agent's configuration names them; in each lies the same secret. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import { startFakeScene } from './aws-peers.ts'
import { testRegion } from './aws-vendor.ts'
import { startAzureScene } from './azure-peer.ts'
import { startGcpScene } from './gcp-peer.ts'
import { createFakeKubernetesPeer } from './kubernetes-peer.ts'
import { sqliteTable } from './sqlite-peer.ts'
import { openTestStore } from './store-ports.ts'

export interface EveryStore {
  /** Type → settings, for stores by the names of their types. */
  readonly stores: Readonly<Partial<Record<StoreTypeName, Readonly<Record<string, string>>>>>
  /** From now on requests of the clouds and of the cluster fail, each in another way. */
  readonly fail: () => Promise<void>
  /** What identities were proved with. */
  readonly tokens: () => readonly string[]
  readonly stop: () => Promise<void>
}

export const secretName = 'app'

export async function startEveryStore(text: string): Promise<EveryStore> {
  const bytes = Buffer.from(text)
  const folder = mkdtempSync(join(tmpdir(), 'claviger-stores-'))
  const directory = join(folder, 'files')
  mkdirSync(directory)
  writeFileSync(join(directory, secretName), text)
  const database = join(folder, 'keep.db')
  const table = new DatabaseSync(database)
  table.exec(sqliteTable)
  table.prepare('INSERT INTO secret VALUES (?, ?, ?)').run(secretName, text, '2026-01-01 00:00:00')
  table.close()
  const [aws, azure, gcp] = await Promise.all([
    startFakeScene(),
    startAzureScene(),
    startGcpScene(),
  ])
  const peer = createFakeKubernetesPeer()
  const cluster = await peer.start()
  await cluster.put(secretName, bytes)
  const { address } = aws.fake
  const amazon = {
    region: testRegion,
    endpoint: `${address}/{region}`,
    sts_endpoint: `${address}/sts`,
    role_arn: 'arn:aws:iam::123456789012:role/app',
    token_path: aws.tokenPath,
  }
  const { server, namespace, tokenPath } = peer.place()
  const stores = {
    aws: amazon,
    ssm: amazon,
    azure: Object.fromEntries(azure.settings),
    gcp: Object.fromEntries(gcp.settings),
    k8s: { server, namespace, token_path: tokenPath },
    file: { directory },
    db: { url: `sqlite://${database}` },
  }
  for (const type of ['aws', 'ssm', 'azure', 'gcp'] as const) {
    const store = await openTestStore(type, new Map(Object.entries(stores[type])))
    await store.write?.({ path: secretName, content: { kind: 'whole', bytes } })
  }
  return {
    stores,
    fail: async () => {
      aws.fake.inject('denied')
      azure.service.inject('failing')
      gcp.service.inject('garbled')
      await cluster.inject?.('expired')
    },
    tokens: () =>
      [aws.tokenPath, azure.tokenPath, gcp.tokenPath, tokenPath].map((path) =>
        readFileSync(path, 'utf8').trim(),
      ),
    stop: async () => {
      await Promise.all([aws.close(), azure.close(), gcp.close(), cluster.stop()])
      rmSync(folder, { recursive: true })
    },
  }
}
