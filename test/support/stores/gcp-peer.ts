/** The fake of Secret Manager as a store's peer; the store is a federated pod. */
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { appSubject, type ClusterIssuer, createClusterIssuer } from './cluster-issuer.ts'
import { type GcpFake, project, startGcpFake } from './gcp-fake.ts'
import { projectNumber } from './gcp-fake-secrets.ts'
import {
  type GoogleIdentityFake,
  provider,
  startGoogleIdentityFake,
} from './google-identity-fake.ts'
import { type RunningPeer, type StorePeer, serviceFaults } from './store-peer.ts'
import { openTestStore, type TestPorts } from './store-ports.ts'

export interface GcpScene {
  readonly cluster: ClusterIssuer
  readonly identity: GoogleIdentityFake
  readonly service: GcpFake
  /** Of the projected token. */
  readonly tokenPath: string
  /** Those of a federated pod. */
  readonly settings: ReadonlyMap<string, string>
  readonly close: () => Promise<void>
}

export async function startGcpScene(): Promise<GcpScene> {
  const folder = mkdtempSync(join(tmpdir(), 'claviger-gcp-'))
  const cluster = await createClusterIssuer()
  const identity = await startGoogleIdentityFake(cluster)
  const service = await startGcpFake(identity)
  const tokenPath = join(folder, 'token')
  const audience = `//iam.googleapis.com/${provider}`
  writeFileSync(tokenPath, await cluster.mint({ audience, subject: appSubject }))
  const settings = new Map([
    ['project', project],
    ['endpoint', service.address],
    ['provider', provider],
    ['token_path', tokenPath],
    ['sts_endpoint', identity.address],
    ['iam_endpoint', identity.address],
  ])
  const close = async () => {
    await service.close()
    await identity.close()
    rmSync(folder, { recursive: true })
  }
  return { cluster, identity, service, tokenPath, settings, close }
}

export function openGcp(
  { settings }: GcpScene,
  changes: ReadonlyMap<string, string> = new Map(),
  ports: TestPorts = {},
) {
  return openTestStore('gcp', new Map([...settings, ...changes]), ports)
}

export function nameOf(id: string): string {
  return `projects/${projectNumber}/secrets/${id}`
}

export const gcpPeer: StorePeer = {
  type: 'gcp',
  features: {
    isBinarySafe: true,
    largestBytes: 65_536,
    hasTags: true,
    absentVersion: '77',
    invalidPath: 'a/b',
    renewsCredentials: true,
  },
  faults: serviceFaults,
  start: async (): Promise<RunningPeer> => {
    const scene = await startGcpScene()
    const { secrets, inject } = scene.service
    return {
      open: (changes) => openGcp(scene, changes),
      put: async (path, bytes) => {
        const name = nameOf(path)
        if (!secrets.all.has(name)) secrets.create(name, { replication: { automatic: {} } })
        secrets.addVersion(name, { data: Buffer.from(bytes).toString('base64') })
      },
      look: async (path) => secrets.all.get(nameOf(path))?.versions.at(-1)?.bytes,
      remove: async (path) => {
        secrets.all.delete(nameOf(path))
      },
      inject,
      stop: scene.close,
    }
  },
}
