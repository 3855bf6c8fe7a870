/** What the agent serves to others, wired to what it knows. */
import type { Clock } from '../core/clock.ts'
import type { Logger } from '../core/log.ts'
import type { PreparedProgram } from './agent-program.ts'
import type { AgentConfig } from './config/agent-config.ts'
import type { Inheritance, ListenersUse } from './listener/listeners.ts'
import type { AgentLoop } from './run.ts'
import type { StepEvent } from './step/context.ts'

export interface OpenService {
  readonly observe: (events: readonly StepEvent[]) => void
  /** Reads certificates anew. */
  readonly reload: () => void
  readonly use: () => ListenersUse
  readonly close: () => Promise<void>
}

export interface ServicePorts {
  readonly program: () => PreparedProgram
  readonly loop: AgentLoop
  readonly quit: () => void
  readonly logger: Logger
  readonly clock: Clock
  readonly inheritance: Inheritance
}

const nothing: OpenService = {
  observe: () => undefined,
  reload: () => undefined,
  use: () => ({ requests: 0, lastAt: Number.NEGATIVE_INFINITY, keepsLeases: false }),
  close: async () => undefined,
}

/** Nothing of it is loaded where no listener is configured. Errors: `listen_failed`, `tls_invalid`. */
export async function openService(config: AgentConfig, ports: ServicePorts): Promise<OpenService> {
  if (config.listeners.length === 0) return nothing
  const { serveAgent } = await import('./serve-agent.ts')
  return serveAgent(config, ports)
}
