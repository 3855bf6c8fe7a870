/** The table of metrics: counters, gauges, both outputs and docs/agent-listener.md derive from it. */

export interface Metric {
  /** As Vault writes it, without the prefix; Prometheus has underscores for the dots. */
  readonly name: string
  readonly kind: 'counter' | 'gauge'
  readonly labels: readonly string[]
  readonly help: string
  /** Of two gauges with the same labels: which one says more of trouble. Default `max`. */
  readonly worst?: 'max' | 'min'
}

const secret = ['path', 'kind'] as const

/** Those up to `cacheMiss`, and the two of `runtime`, have the names of Vault Agent 1.21. */
export const metrics = {
  authSuccess: row('counter', 'agent.auth.success', [], 'Logins that succeeded.'),
  authFailure: row('counter', 'agent.auth.failure', [], 'Logins that failed.'),
  authenticated: row('gauge', 'agent.authenticated', [], '1 while the agent holds a token.'),
  proxySuccess: row('counter', 'agent.proxy.success', [], 'Proxied requests that succeeded.'),
  proxyClientError: row(
    'counter',
    'agent.proxy.client_error',
    [],
    'Proxied requests that the store refused.',
  ),
  proxyError: row(
    'counter',
    'agent.proxy.error',
    [],
    'Proxied requests that the store did not answer.',
  ),
  cacheHit: row('counter', 'agent.cache.hit', [], 'Answers that came from the cache.'),
  cacheMiss: row('counter', 'agent.cache.miss', [], 'Answers that came from the store.'),
  ready: row(
    'gauge',
    'agent.ready',
    [],
    '1 when everything was rendered and every command has run.',
  ),
  authErrors: row(
    'gauge',
    'agent.auth.consecutive_errors',
    ['code'],
    'Failed logins in a row, by the code of the last.',
  ),
  tokenExpiry: row(
    'gauge',
    'agent.token.expiry_timestamp_seconds',
    [],
    'When the token ends; absent for one that does not.',
  ),
  tokenNext: row(
    'gauge',
    'agent.token.next_refresh_timestamp_seconds',
    [],
    'When the token is renewed or replaced.',
  ),
  secretAge: row(
    'gauge',
    'agent.secret.age_seconds',
    secret,
    'Since the last good answer; absent before the first.',
  ),
  secretNext: {
    ...row(
      'gauge',
      'agent.secret.next_refresh_timestamp_seconds',
      secret,
      'When the secret is renewed or read again.',
    ),
    worst: 'min',
  },
  secretExpiry: {
    ...row(
      'gauge',
      'agent.secret.expiry_timestamp_seconds',
      secret,
      'The end of the lease or certificate; absent where there is none.',
    ),
    worst: 'min',
  },
  secretErrors: row(
    'gauge',
    'agent.secret.consecutive_errors',
    [...secret, 'code'],
    'Failed reads and renewals in a row, by the code of the last.',
  ),
  storeErrors: row(
    'gauge',
    'agent.store.consecutive_errors',
    ['store', 'code'],
    'Steps in a row that found a store too busy; it is left alone meanwhile.',
  ),
  filesUnrendered: row('gauge', 'agent.files.unrendered', [], 'Files that were never written.'),
  filesStale: row('gauge', 'agent.files.stale', [], 'Files older than their max_stale.'),
  commandsPending: row('gauge', 'agent.commands.pending', [], 'Commands that have yet to run.'),
  heapBytes: row('gauge', 'runtime.alloc_bytes', [], 'Bytes of the heap in use.'),
  residentBytes: row('gauge', 'runtime.sys_bytes', [], 'Bytes of resident memory.'),
} as const satisfies Record<string, Metric>

export type MetricName = keyof typeof metrics
export type CounterName = {
  [Name in MetricName]: (typeof metrics)[Name]['kind'] extends 'counter' ? Name : never
}[MetricName]

function row<Kind extends Metric['kind']>(
  kind: Kind,
  name: string,
  labels: readonly string[],
  help: string,
) {
  return { name, kind, labels, help } as const
}

/** The table as Markdown, for docs/agent-listener.md. */
export function renderMetricTable(): string {
  const rows: readonly Metric[] = Object.values(metrics)
  return [
    '| Metric | Kind | Labels | Meaning |',
    '|---|---|---|---|',
    ...rows.map(
      ({ name, kind, labels, help }) =>
        `| \`${name}\` | ${kind} | ${labels.map((label) => `\`${label}\``).join(', ')} | ${help} |`,
    ),
  ].join('\n')
}
