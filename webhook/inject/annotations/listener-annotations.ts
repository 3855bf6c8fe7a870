/** The rows of the annotation table that concern the agent's cache, its listener and its metrics. */

import { anyText } from '../kinds/stock-kinds.ts'
import { bool, choice, port, text } from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

const since = '0.1.0'
const agents = 'stock'

/** Part of the annotation table. */
export const listenerAnnotations = {
  cacheEnable: plain('agent-cache-enable', bool, {
    class: 'gated',
    default: 'false',
    since,
    agents,
    doc: 'Gives a stock agent a cache with a listener; with init container and sidecar both share it, and so one login.',
  }),
  cacheToken: plain<string>('agent-cache-use-auto-auth-token', choice(['true', 'false', 'force']), {
    class: 'gated',
    default: '`true`',
    since,
    stock: anyText,
    agents,
    doc: 'Whether requests through the listener get the agent’s token.',
  }),
  cachePort: plain('agent-cache-listener-port', port, {
    class: 'gated',
    default: '`8200`',
    since,
    stock: anyText,
    agents,
    doc: 'Port of the listener on the pod’s loopback address.',
  }),
  cacheExitOnError: plain('agent-cache-exit-on-err', bool, {
    class: 'gated',
    default: 'false',
    since,
    agents,
    doc: 'Ends a stock agent that cannot restore its cache.',
  }),
  enableQuit: plain('agent-enable-quit', bool, {
    class: 'gated',
    default: 'false',
    since,
    agents,
    doc: 'Lets the app end a stock agent by a POST to `/agent/v1/quit` of the listener.',
  }),
  telemetry: family('agent-telemetry-', text, {
    class: 'gated',
    default: '',
    since,
    unnamed: true,
    agents,
    doc: 'Key `<name>` of the stock agent’s telemetry, dashes as underscores; the value is JSON, or text.',
  }),
} as const
