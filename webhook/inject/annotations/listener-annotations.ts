/** The rows of the annotation table that concern the agent's cache, its listener and its metrics. */

import { anyText } from '../kinds/stock-kinds.ts'
import { bool, choice, collectorAddress, port, text } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const listenerAnnotations = {
  cacheEnable: plain('agent-cache-enable', bool, {
    class: 'gated',
    default: 'false',
    since,
    doc: 'Gives the agent a cache with a listener. A stock agent’s init container and sidecar share the cache, and so one login; those of Claviger’s share a state anyway.',
  }),
  cacheToken: plain<string>('agent-cache-use-auto-auth-token', choice(['true', 'false', 'force']), {
    class: 'gated',
    default: '`true`',
    since,
    stock: anyText,
    doc: 'Whether requests through the listener get the agent’s token.',
  }),
  cachePort: plain('agent-cache-listener-port', port, {
    class: 'gated',
    default: '`8200`',
    since,
    stock: anyText,
    doc: 'Port of the listener on the pod’s loopback address.',
  }),
  cacheExitOnError: plain('agent-cache-exit-on-err', bool, {
    class: 'gated',
    default: 'false',
    since,
    doc: 'Ends the agent when it cannot restore the cache that its containers share.',
  }),
  enableQuit: plain('agent-enable-quit', bool, {
    class: 'gated',
    default: 'false',
    since,
    doc: 'Lets the app end the agent by a POST to `/agent/v1/quit` of the listener.',
  }),
  tracesEndpoint: plain('agent-traces-endpoint', collectorAddress, {
    class: 'gated',
    default: 'flag `-agent-traces-endpoint`, else none',
    since,
    ours: true,
    agents: 'claviger',
    doc: 'Where the agent sends [spans of what it asks of stores](traces.md), as OTLP over HTTP: the address of a collector, without `/v1/traces`. `$(HOST_IP)` is that of the node.',
  }),
  telemetry: family('agent-telemetry-', text, {
    class: 'gated',
    default: '',
    since,
    unnamed: true,
    doc: 'Key `<name>` of the agent’s telemetry, dashes as underscores; the value is JSON, or text. Claviger’s agent acts on `prometheus-retention-time`, `disable-hostname` and `enable-hostname-label`.',
  }),
} as const
