/** The fake of Key Vault as a store's peer; the store is a pod with a workload identity. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type AzureFake, startAzureFake } from './azure-fake.ts'
import { appSubject, type ClusterIssuer, createClusterIssuer } from './cluster-issuer.ts'
import { application, type EntraFake, exchangeAudience, startEntraFake } from './entra-fake.ts'
import { type RunningPeer, type StorePeer, serviceFaults } from './store-peer.ts'
import { openTestStore, type TestPorts } from './store-ports.ts'
import type { TestAuthority } from './test-authority.ts'

export interface AzureScene {
  readonly cluster: ClusterIssuer
  readonly entra: EntraFake
  readonly service: AzureFake
  /** Of the projected token. */
  readonly tokenPath: string
  /** Those of a pod with a workload identity. */
  readonly settings: ReadonlyMap<string, string>
  readonly close: () => Promise<void>
}

/** `authority`: over https. */
export async function startAzureScene(authority?: TestAuthority): Promise<AzureScene> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-azure-'))
  const cluster = await createClusterIssuer()
  const entra = await startEntraFake(cluster, authority?.pair)
  const service = await startAzureFake(entra, authority?.pair)
  const tokenPath = join(folder, 'token')
  writeFileSync(tokenPath, await cluster.mint({ audience: exchangeAudience, subject: appSubject }))
  const settings = new Map([
    ['vault_url', service.address],
    ['client_id', application],
    ['token_path', tokenPath],
    ['authority', entra.address],
  ])
  if (authority !== undefined) {
    const caPath = join(folder, 'ca.pem')
    writeFileSync(caPath, authority.ca)
    settings.set('ca_cert', caPath)
  }
  const close = async () => {
    await service.close()
    await entra.close()
    rmSync(folder, { recursive: true })
  }
  return { cluster, entra, service, tokenPath, settings, close }
}

export function openAzure(
  { settings }: Pick<AzureScene, 'settings'>,
  changes: ReadonlyMap<string, string> = new Map(),
  ports: TestPorts = {},
) {
  return openTestStore('azure', new Map([...settings, ...changes]), ports)
}

const binaryTag = 'file-encoding'

export const azurePeer: StorePeer = {
  type: 'azure',
  features: {
    isBinarySafe: true,
    largestBytes: 25_600,
    hasTags: true,
    absentVersion: '0'.repeat(32),
    invalidPath: 'a/b',
    renewsCredentials: true,
  },
  faults: serviceFaults,
  start: async (): Promise<RunningPeer> => {
    const scene = await startAzureScene()
    const { secrets, inject } = scene.service
    return {
      open: (changes) => openAzure(scene, changes),
      put: async (path, bytes) => {
        const value = Buffer.from(bytes)
        const isText = value.equals(Buffer.from(value.toString('utf8')))
        secrets.set(
          path,
          isText
            ? { value: value.toString('utf8') }
            : { value: value.toString('base64'), tags: { [binaryTag]: 'base64' } },
        )
      },
      look: async (path) => {
        const secret = secrets.all.get(path.toLowerCase())
        const version = secret?.deletedAt === undefined ? secret?.versions.at(-1) : undefined
        if (version === undefined) return undefined
        const isBinary = version.tags?.[binaryTag] === 'base64'
        return Buffer.from(version.value, isBinary ? 'base64' : 'utf8')
      },
      remove: async (path) => {
        secrets.all.delete(path.toLowerCase())
      },
      inject,
      stop: scene.close,
    }
  },
}
