/** Everything the agent serves to others in its pod. Loaded only where a listener is configured. */
import type { ListenerConfig } from '../config/listener-config.ts'
import { createBudget } from './caller-request.ts'
import { createHandler } from './handler.ts'
import { createLeaseCache } from './lease-cache.ts'
import { createProxy } from './proxy.ts'
import { createRoutes } from './routes.ts'
import { type OpenListener, openListener } from './server.ts'
import type { ListenerServices } from './services.ts'

export interface Listeners {
  /** In the order of the configuration: `host:port` or a path. */
  readonly addresses: readonly string[]
  /** Reads the certificates again, as on SIGHUP. */
  readonly reload: () => void
  /** Takes no more requests; those under way have a second. */
  readonly close: () => Promise<void>
}

/** Bodies of all requests together. */
const maxHeldBytes = 64 * 1024 * 1024

/** Opens all or none. Errors: `listen_failed`, `tls_invalid`. */
export async function openListeners(
  configs: readonly ListenerConfig[],
  services: ListenerServices,
): Promise<Listeners> {
  const { logger, clock } = services
  const cache = services.caching ? createLeaseCache(services) : undefined
  const forward = createProxy(services, cache)
  const load = { requests: 0, budget: createBudget(maxHeldBytes) }
  const open: OpenListener[] = []
  const close = async () => {
    cache?.close()
    await Promise.all(open.map((listener) => listener.close()))
  }
  try {
    for (const config of configs) {
      const respond = createRoutes(config, { services, forward, cache })
      const handle = createHandler({ respond, load, logger })
      open.push(await openListener(config, { handle, logger, clock }))
    }
  } catch (thrown) {
    await close()
    throw thrown
  }
  return {
    addresses: open.map(({ address }) => address),
    reload: () => {
      for (const listener of open) listener.reload()
    },
    close,
  }
}
