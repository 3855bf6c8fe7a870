/** A real Vault: storage in memory, initialized and unsealed, every request in an audit log. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import type { Processes } from '../cluster/processes.ts'
import { until } from '../polling.ts'
import { network, paths, vaultUrl } from '../settings.ts'
import { goProgram } from '../tools/go-programs.ts'
import { openVault } from './client.ts'

export interface RunningVault {
  readonly rootToken: string
  readonly auditLog: string
}

export async function startVault(processes: Processes, signal: AbortSignal): Promise<RunningVault> {
  const config = join(paths.state, 'vault.json')
  mkdirSync(paths.state, { recursive: true })
  writeFileSync(config, JSON.stringify(configuration(), null, 2))
  processes.start({
    name: 'vault',
    program: join(paths.binaries, 'vault'),
    args: ['server', `-config=${config}`],
  })
  const vault = openVault()
  await until({
    what: 'Vault to answer',
    signal,
    probe: async () => {
      processes.check()
      return vault.call('GET', 'sys/seal-status')
    },
  })
  const rootToken = await unseal()
  const auditLog = join(paths.logs, 'vault-audit.log')
  await openVault(rootToken).call('PUT', 'sys/audit/file', {
    type: 'file',
    options: { file_path: auditLog },
  })
  return { rootToken, auditLog }
}

async function unseal(): Promise<string> {
  const vault = openVault()
  const made = await vault.call('PUT', 'sys/init', { secret_shares: 1, secret_threshold: 1 })
  const [key] = Array.isArray(made?.['keys']) ? made['keys'] : []
  await vault.call('PUT', 'sys/unseal', { key })
  await until({
    what: 'Vault to be active',
    probe: async () => vault.call('GET', 'sys/health'),
  })
  return String(made?.['root_token'])
}

function configuration() {
  return {
    storage: { inmem: {} },
    listener: { tcp: { address: `${network.node}:8200`, tls_disable: true } },
    api_addr: vaultUrl,
    plugin_directory: dirname(goProgram('kubernetes-auth')),
    disable_mlock: true,
    log_level: 'info',
  }
}
