/** `npm run demo`: the whole of Claviger on one machine, without a cluster. */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { systemClock } from '../../core/clock.ts'
import { createLogger } from '../../core/log.ts'
import { Processes } from './processes.ts'
import { injectPod, prepareStore, runPod, type Scenario, showLife } from './scenario.ts'
import { type DemoStore, startEmbeddedStore, useVault } from './store.ts'
import { startWebhook } from './webhook.ts'

const clock = systemClock
const logger = createLogger({
  level: 'warn',
  format: 'standard',
  write: (line) => process.stderr.write(line),
  now: clock.now,
})
const tell = (line: string) => process.stdout.write(`${line}\n`)

async function main(): Promise<void> {
  const begun = clock.now()
  const root = mkdtempSync(join(tmpdir(), 'claviger-demo-'))
  const processes = new Processes()
  const cleanUp: (() => Promise<void>)[] = [() => processes.stopAll()]
  try {
    const store = await openStore(root)
    cleanUp.push(store.close)
    const webhook = await startWebhook(processes, { root, now: begun, storeAddress: store.address })
    const scenario: Scenario = { root, store, webhook, processes, tell }
    await prepareStore(scenario)
    const running = await runPod(scenario, await injectPod(scenario))
    await showLife(scenario, running)
    tell(`done     in ${((clock.now() - begun) / 1000).toFixed(1)} s`)
  } finally {
    for (const close of cleanUp) await close()
    rmSync(root, { recursive: true, force: true })
  }
}

function openStore(root: string): Promise<DemoStore> {
  const address = process.env['VAULT_ADDR']
  if (address === undefined || address === '') return startEmbeddedStore({ root, logger, clock })
  return useVault(address, process.env['VAULT_TOKEN'], root)
}

main().catch((thrown: unknown) => {
  process.stderr.write(`demo: ${thrown instanceof Error ? thrown.message : 'failed'}\n`)
  process.exitCode = 1
})
