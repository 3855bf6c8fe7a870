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
  readonly use: () => ListenersUse
  /** Takes no more requests; those under way have a second. */
  readonly close: () => Promise<void>
}

export interface ListenersUse {
  /** Under way. */
  readonly requests: number
  /** When somebody connected, asked or was answered last, on the agent's timeline; minus infinity for never. */
  readonly lastAt: number
  /** Whether leases or tokens of callers are kept and renewed. */
  readonly keepsLeases: boolean
}

export interface Inheritance {
  /** Of the listening sockets that are open already, in the order of the configuration; undefined for others. */
  readonly descriptors: readonly (number | undefined)[]
  /** Of whoever made this process start. */
  readonly lastAt: number
}

const noInheritance: Inheritance = { descriptors: [], lastAt: Number.NEGATIVE_INFINITY }

/** Bodies of all requests together. */
const maxHeldBytes = 64 * 1024 * 1024

/** Opens all or none. Errors: `listen_failed`, `tls_invalid`. */
export async function openListeners(
  configs: readonly ListenerConfig[],
  services: ListenerServices,
  { descriptors, lastAt }: Inheritance = noInheritance,
): Promise<Listeners> {
  const { logger, clock } = services
  const cache = services.caching ? createLeaseCache(services) : undefined
  const forward = createProxy(services, cache)
  const load = { requests: 0, lastAt, budget: createBudget(maxHeldBytes) }
  const onConnection = () => {
    load.lastAt = clock.now()
  }
  const open: OpenListener[] = []
  const close = async () => {
    cache?.close()
    await Promise.all(open.map((listener) => listener.close()))
  }
  try {
    for (const [index, config] of configs.entries()) {
      const respond = createRoutes(config, { services, forward, cache })
      const handle = createHandler({ respond, load, logger, now: clock.now })
      const descriptor = descriptors[index]
      open.push(await openListener(config, { handle, onConnection, descriptor, logger, clock }))
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
    use: () => ({
      requests: load.requests,
      lastAt: load.lastAt,
      keepsLeases: cache?.keepsAny() ?? false,
    }),
    close,
  }
}
