/** The listeners over the loop's state. */
import { hostname } from 'node:os'
import { createExchange } from '../core/http/exchange.ts'
import type { AgentConfig } from './config/agent-config.ts'
import { openListeners } from './listener/listeners.ts'
import type { ListenerServices } from './listener/services.ts'
import { createStoreSend } from './listener/store-send.ts'
import type { OpenService, ServicePorts } from './open-service.ts'
import { describeStatus } from './step/describe-status.ts'
import { countEvents, createMetrics } from './telemetry/metrics.ts'

export async function serveAgent(config: AgentConfig, ports: ServicePorts): Promise<OpenService> {
  const { program, loop, quit, logger, clock, inheritance } = ports
  const metrics = createMetrics(config.telemetry, {
    now: clock.now,
    memory: () => process.memoryUsage(),
    hostname: hostname(),
  })
  const services: ListenerServices = {
    token: () => {
      const { session } = loop.state
      return session === undefined || session.isWrapped ? undefined : session.token
    },
    send: createStoreSend({
      exchange: createExchange(program().transportOptions('proxying')),
      address: config.vault.address,
      retries: config.templating.retries,
      clock,
    }),
    proxy: config.proxy,
    namespace: config.vault.namespace,
    caching: config.cache !== undefined,
    status: () => describeStatus(loop.config, loop.state, program().showSecret),
    metrics,
    quit,
    tokenRefused: (token) => loop.doubtToken(token),
    logger,
    clock,
  }
  const listeners = await openListeners(config.listeners, services, inheritance)
  for (const [index, address] of listeners.addresses.entries()) {
    const level = inheritance.descriptors[index] === undefined ? 'info' : 'debug'
    logger[level]('listening', { address })
  }
  return {
    observe: (events) => countEvents(metrics, events),
    reload: listeners.reload,
    use: listeners.use,
    close: listeners.close,
  }
}
