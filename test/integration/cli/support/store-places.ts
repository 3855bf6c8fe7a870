/** Services of every type as somebody at a command line reaches them: fakes, a directory, a file of SQLite. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DatabaseSync } from 'node:sqlite'
import type { StoreTypeName } from '../../../../core/stores/settings/store-types.ts'
import { staticKeys } from '../../../support/stores/aws-fake.ts'
import { startFakeScene } from '../../../support/stores/aws-peers.ts'
import { testRegion } from '../../../support/stores/aws-vendor.ts'
import { startAzureScene } from '../../../support/stores/azure-peer.ts'
import { startDevVault } from '../../../support/stores/dev-vault.ts'
import { startGcpScene } from '../../../support/stores/gcp-peer.ts'
import { startFakeKubernetes } from '../../../support/stores/kubernetes-fake.ts'
import { sqliteTable } from '../../../support/stores/sqlite-peer.ts'
import type { FaultName } from '../../../support/stores/store-peer.ts'

export interface StorePlace {
  readonly settings: Readonly<Record<string, string>>
  /** What names must begin with. Default: nothing. */
  readonly prefix?: string
  /** Besides those that name the store. */
  readonly args?: readonly string[]
  readonly environment?: Readonly<Record<string, string>>
  /** Absent: the service does all that it is asked. */
  readonly inject?: (fault: FaultName | undefined) => void
  readonly close: () => Promise<void> | void
}

export const startPlace: Readonly<Partial<Record<StoreTypeName, () => Promise<StorePlace>>>> = {
  vault: async () => {
    const { address, rootToken, stop } = await startDevVault()
    const environment = { VAULT_ADDR: address, VAULT_TOKEN: rootToken }
    return { settings: {}, prefix: 'secret/', environment, close: stop }
  },
  aws: startAws,
  ssm: startAws,
  gcp: async () => {
    const { settings, service, close } = await startGcpScene()
    return { settings: Object.fromEntries(settings), inject: service.inject, close }
  },
  azure: async () => {
    const { settings, service, close } = await startAzureScene()
    return { settings: Object.fromEntries(settings), inject: service.inject, close }
  },
  k8s: startKubernetes,
  file: async () => {
    const folder = makeFolder()
    return { settings: { directory: folder }, close: () => rmSync(folder, { recursive: true }) }
  },
  db: async () => {
    const folder = makeFolder()
    const database = new DatabaseSync(join(folder, 'keep.db'))
    database.exec(sqliteTable)
    database.close()
    const settings = { url: `sqlite://${folder}/keep.db` }
    return { settings, close: () => rmSync(folder, { recursive: true }) }
  },
}

/** With keys of the environment, as on one's own machine. */
async function startAws(): Promise<StorePlace> {
  const { fake, close } = await startFakeScene()
  return {
    settings: { region: testRegion, endpoint: `${fake.address}/{region}` },
    environment: {
      AWS_ACCESS_KEY_ID: staticKeys.accessKey,
      AWS_SECRET_ACCESS_KEY: staticKeys.secretKey,
    },
    inject: (fault) => fake.inject(fault),
    close,
  }
}

/** Where the kubeconfig says. */
export async function startKubernetes(): Promise<StorePlace> {
  const fake = await startFakeKubernetes()
  const folder = makeFolder()
  const kubeconfig = join(folder, 'config')
  const { server, namespace, token } = fake
  writeFileSync(
    kubeconfig,
    JSON.stringify({
      'current-context': 'here',
      contexts: [{ name: 'here', context: { cluster: 'c', user: 'u', namespace } }],
      clusters: [{ name: 'c', cluster: { server, 'insecure-skip-tls-verify': true } }],
      users: [{ name: 'u', user: { token } }],
    }),
  )
  return {
    settings: {},
    args: [`-kubeconfig=${kubeconfig}`],
    inject: (fault) => {
      fake.fault = fault
    },
    close: async () => {
      await fake.stop()
      rmSync(folder, { recursive: true })
    },
  }
}

function makeFolder(): string {
  return mkdtempSync(join(tmpdir(), 'claviger-place-'))
}
