/** A Vault of its own, in development mode. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { findFreePort } from '../../../../support/stores/tcp-proxy.ts'
import type { VaultServer } from '../../../../support/stores/vault-peer.ts'
import { until } from '../../../polling.ts'
import { goProgram } from '../../../tools/go-programs.ts'
import { endOf, makeFolder, removeFolder, startProgram } from './machine.ts'

export async function startVault(): Promise<VaultServer> {
  const folder = makeFolder('vault')
  const log = join(folder, 'log')
  writeFileSync(log, '')
  const port = await findFreePort()
  const rootToken = 'root-of-the-test'
  const flags = [`-dev-listen-address=127.0.0.1:${port}`, `-dev-root-token-id=${rootToken}`]
  const running = startProgram(
    { program: goProgram('vault'), args: ['server', '-dev', '-dev-no-store-token', ...flags] },
    log,
  )
  const address = `http://127.0.0.1:${port}`
  const probe = async () => {
    const { status } = await fetch(`${address}/v1/secret/config`, {
      headers: { 'X-Vault-Token': rootToken },
    })
    return status === 200 ? true : undefined
  }
  await until({ what: `Vault: ${endOf(log)}`, probe, deadlineMs: 60_000 })
  return {
    address,
    rootToken,
    stop: async () => {
      await running.stop()
      removeFolder(folder)
    },
  }
}
