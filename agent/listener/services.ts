/** What the listeners reach of the rest of the agent. */
import type { Clock } from '../../core/clock.ts'
import type { Logger } from '../../core/log.ts'
import type { Secret } from '../../core/secret.ts'
import type { ProxyConfig } from '../config/listener-config.ts'
import type { AgentStatus } from '../plan/status.ts'
import type { AgentMetrics } from '../telemetry/metrics.ts'
import type { StoreSend } from './store-send.ts'

export interface ListenerServices {
  /** The agent's own token at this moment; undefined while there is none. */
  readonly token: () => Secret | undefined
  readonly send: StoreSend
  readonly proxy: ProxyConfig
  /** Of `vault`, for `prepend_configured_namespace`. */
  readonly namespace: string | undefined
  /** Whether answers with leases are kept: there is a block `cache`. */
  readonly caching: boolean
  readonly status: () => AgentStatus
  readonly metrics: AgentMetrics
  /** Ends the agent, exit code 0; called after the answer has been sent. */
  readonly quit: () => void
  /** The store no longer takes the agent's own token, as an answer to somebody else shows. */
  readonly tokenRefused?: (token: Secret) => void
  readonly logger: Logger
  readonly clock: Clock
}
