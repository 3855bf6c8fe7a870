/** Peers of all types of stores at once, as an agent's configuration names them; in each lies the same secret. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreTypeName } from '../../../core/stores/settings/store-types.ts'
import { kvBody, startScriptedVault } from '../scripted-vault.ts'
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
  readonly environment: Readonly<Record<string, string>>
  /** To all of the secret, as templates name it. */
  readonly references: readonly string[]
  /** From now on requests of the clouds, of the cluster and of Vault fail, each in another way. */
  readonly fail: () => Promise<void>
  /** What identities were proved with. */
  readonly tokens: () => readonly string[]
  readonly stop: () => Promise<void>
}

const secretName = 'app'

/** The secret is `data` as JSON. */
export async function startEveryStore(data: Readonly<Record<string, string>>): Promise<EveryStore> {
  const text = JSON.stringify(data)
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
  let isFailing = false
  const vault = await startScriptedVault(() =>
    isFailing ? { status: 403, body: { errors: [text] } } : kvBody(data),
  )
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
    vault: { address: vault.address, auth: 'token' },
  }
  for (const type of ['aws', 'ssm', 'azure', 'gcp'] as const) {
    const store = await openTestStore(type, new Map(Object.entries(stores[type])))
    await store.write?.({ path: secretName, content: { kind: 'whole', bytes } })
  }
  const token = 'hvs.of-another-vault'
  return {
    stores,
    environment: { VAULT_TOKEN: token },
    references: Object.keys(stores).map((type) =>
      type === 'vault' ? `vault:secret/data/${secretName}` : `${type}:${secretName}`,
    ),
    fail: async () => {
      aws.fake.inject('denied')
      azure.service.inject('failing')
      gcp.service.inject('garbled')
      await cluster.inject?.('expired')
      isFailing = true
    },
    tokens: () => [
      token,
      ...[aws.tokenPath, azure.tokenPath, gcp.tokenPath, tokenPath].map((path) =>
        readFileSync(path, 'utf8').trim(),
      ),
    ],
    stop: async () => {
      await Promise.all([aws.close(), azure.close(), gcp.close(), cluster.stop(), vault.close()])
      rmSync(folder, { recursive: true })
    },
  }
}
