/** How templates are fetched and when that ends the agent: `template_config` and what other blocks say about it. */
import type { TemplatingConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

const staticIntervalMs = 300_000
const renewalThreshold = 0.9
const maxConnections = 10
const retries = 12
const shortestPauseMs = 250
const longestPauseMs = 60_000

export function readTemplating(root: Fields): TemplatingConfig {
  const templating = root.block('template_config')
  const own = root.block('claviger')
  const retry = root.block('vault').block('retry')
  const connections = templating.whole('max_connections_per_host') ?? 0
  return {
    exitOnRetryFailure: templating.strictFlag('exit_on_retry_failure') ?? false,
    exitOnRefreshFailure: own.flag('exit_on_refresh_failure') ?? !root.has('claviger'),
    staticIntervalMs: templating.duration('static_secret_render_interval') || staticIntervalMs,
    renewalThreshold: readThreshold(templating),
    maxConnections: connections > 0 ? connections : maxConnections,
    retries: retry.whole('num_retries') || retries,
    backoff: readBackoff(root.block('auto_auth').block('method')),
  }
}

/** Vault Agent takes any number and goes wrong with those that are no part of a lease. */
function readThreshold(templating: Fields): number {
  const key = 'lease_renewal_threshold'
  const threshold = templating.number(key) ?? 0
  if (threshold > 0 && threshold < 1) return threshold
  if (threshold !== 0) {
    templating.warn(key, 'a number between 0 and 1', { hint: `${renewalThreshold} is taken` })
  }
  return renewalThreshold
}

/** The auth method's bounds hold for reads where they are given; a lone one moves the other's default out of its way. */
function readBackoff(method: Fields): TemplatingConfig['backoff'] {
  const min = method.duration('min_backoff')
  const max = method.duration('max_backoff')
  const minMs = min || Math.min(shortestPauseMs, max || shortestPauseMs)
  return { minMs, maxMs: max || Math.max(longestPauseMs, minMs) }
}
