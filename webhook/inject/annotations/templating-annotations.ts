/** The rows of the annotation table that say when templates are rendered and what happens when they cannot be. */

import { anyText, float64, int64, untrimmedList, type Whole } from '../kinds/stock-kinds.ts'
import { bool, duration, fraction, nameList, wholeNumber } from '../kinds/value-kinds.ts'
import { plain } from './annotation.ts'

const since = '0.1.0'

/** Part of the annotation table. */
export const templatingAnnotations = {
  exitOnRetryFailure: plain('template-config-exit-on-retry-failure', bool, {
    class: 'free',
    default: 'flag `-template-config-exit-on-retry-failure`, else true',
    since,
    doc: 'Ends the agent with an error when the retries before the first render run out.',
  }),
  staticInterval: plain('template-static-secret-render-interval', duration, {
    class: 'free',
    default: 'flag `-template-static-secret-render-interval`, else `5m`',
    since,
    stock: anyText,
    doc: 'How often a secret without a lease is read again.',
  }),
  maxConnections: plain<Whole>('template-max-connections-per-host', wholeNumber, {
    class: 'free',
    default: 'variable `AGENT_INJECT_TEMPLATE_MAX_CONNECTIONS_PER_HOST`, else `10`',
    since,
    stock: int64,
    doc: 'How many connections to the store the agent’s templates may have.',
  }),
  renewalThreshold: plain('template-lease-renewal-threshold', fraction, {
    class: 'free',
    default: '`0.9`',
    since,
    stock: float64,
    doc: 'Part of a lease that cannot be renewed after which the secret is read again.',
  }),
  idleConnections: plain('agent-disable-idle-connections', nameList, {
    class: 'free',
    default: 'flag `-disable-idle-connections`, else none',
    since,
    stock: untrimmedList,
    doc: 'The parts of the agent that keep no idle connections: `auto-auth`, `caching`, `templating`.',
  }),
  keepAlives: plain('agent-disable-keep-alives', nameList, {
    class: 'free',
    default: 'flag `-disable-keep-alives`, else none',
    since,
    stock: untrimmedList,
    doc: 'The parts of the agent that open a connection for each request: `auto-auth`, `caching`, `templating`.',
  }),
} as const
