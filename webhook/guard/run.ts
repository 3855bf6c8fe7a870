/** The guard from its configuration to its end. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Page } from '../http/page.ts'
import { PageServer } from '../http/page-server.ts'
import type { Evict } from '../kube/evictions.ts'
import type { MetadataApi } from '../kube/metadata.ts'
import type { GuardConfig } from './config.ts'
import { Guard } from './guard.ts'
import type { JudgedPod } from './judge.ts'
import { GuardTelemetry } from './telemetry.ts'

export interface GuardDeps {
  readonly config: GuardConfig
  readonly api: MetadataApi<JudgedPod>
  readonly evict: Evict | undefined
  readonly logger: Logger
  /** Tells where the guard serves, whatever the level of the log is. */
  readonly announce: Logger['info']
  readonly clock: Clock
  /** Aborts when the process is to end. */
  readonly signal: AbortSignal
}

/** Throws `config_invalid` when the address cannot be listened on. */
export async function runGuard(deps: GuardDeps): Promise<void> {
  const { config, announce, logger, signal } = deps
  const telemetry = new GuardTelemetry({ logger, profile: config.profile.name })
  const guard = new Guard({ ...deps, ...config, evict: deps.evict, telemetry })
  const server = new PageServer(createPages(guard, telemetry))
  announce('guard listens', { address: await server.listen(config.listen), evict: config.evict })
  await guard.run(signal)
  await server.close()
}

function createPages(
  guard: Guard,
  telemetry: GuardTelemetry,
): ReadonlyMap<string, () => Promise<Page>> {
  const ok: Page = { status: 200, text: 'ok' }
  const notReady: Page = { status: 503, text: 'not ready' }
  return new Map([
    ['/metrics', () => telemetry.render()],
    ['/healthz', async () => ok],
    ['/readyz', async () => (guard.synced ? ok : notReady)],
  ])
}
