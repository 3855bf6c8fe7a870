/** The development store as a server of its own. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openIssuer } from '../../../cli/dev/issuer.ts'
import { startDevServer } from '../../../cli/dev/server.ts'
import { createDevStore } from '../../../cli/dev/store.ts'
import { systemClock } from '../../../core/clock.ts'
import { Secret } from '../../../core/secret.ts'
import type { VaultServer } from './vault-peer.ts'

export async function startDevVault(): Promise<VaultServer> {
  const dataDirectory = mkdtempSync(join(tmpdir(), 'claviger-dev-vault-'))
  const rootToken = 'hvs.root-of-the-test'
  const store = createDevStore({
    dataDirectory,
    clock: systemClock,
    rootToken: new Secret(rootToken),
    issuer: await openIssuer(dataDirectory, systemClock),
  })
  const server = await startDevServer({ store, host: '127.0.0.1', port: 0 })
  return {
    address: server.address,
    rootToken,
    stop: async () => {
      await server.close()
      rmSync(dataDirectory, { recursive: true })
    },
  }
}
