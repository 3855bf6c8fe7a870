/** What blocks of a configuration demand of each other. Source: the validation of Vault Agent's own loader. */
import type { AgentConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

/** What the checks look at: the values, and which blocks were written. */
interface Subject {
  readonly config: AgentConfig
  readonly root: Fields
}

/** Reports to `root`. */
export function checkConfig(config: AgentConfig, root: Fields): void {
  const subject = { config, root }
  checkPurpose(subject)
  checkWrapping(subject)
  checkProxy(subject)
  checkSupervisor(subject)
}

function checkPurpose({ config, root }: Subject): void {
  const { auth, sinks, proxy, listeners, own } = config
  const rendered = ['template', 'env_template'].filter((key) => root.has(key))
  const isPurpose = ['auto_auth', 'cache', 'listener'].some((key) => root.has(key))
  if (!isPurpose && own.stores.size === 0) {
    root.report('auto_auth', 'a block auto_auth, cache, listener or claviger.stores')
  }
  if (!isPurpose && own.stores.size > 0 && rendered.length === 0) {
    root.report('template', 'at least one template beside claviger.stores')
  }
  const isUsed = sinks.length + rendered.length > 0
  if (auth !== undefined && !isUsed && proxy.useAutoAuthToken === 'no') {
    const hint = 'or api_proxy.use_auto_auth_token'
    root.report('template', 'at least one template, or a sink in auto_auth', { hint })
  }
  if (root.has('cache') && listeners.length + rendered.length === 0) {
    root.report('listener', 'a listener or a template beside cache')
  }
}

function checkWrapping({ config, root }: Subject): void {
  const { auth, sinks, proxy } = config
  if (auth?.wrapTtlMs === undefined) return
  const path = 'auto_auth.method.wrap_ttl'
  if (sinks.length !== 1) root.report(path, 'exactly one sink beside it')
  if (sinks.some(({ wrapTtlMs }) => wrapTtlMs !== undefined)) {
    root.report(path, 'no wrap_ttl of the sink beside it')
  }
  if (proxy.useAutoAuthToken !== 'no') root.report(path, 'no use_auto_auth_token beside it')
}

function checkProxy({ config, root }: Subject): void {
  const places = ['api_proxy', 'cache'].filter((key) => root.block(key).has('use_auto_auth_token'))
  if (places.length > 1) {
    root.report('cache.use_auto_auth_token', 'it in api_proxy or in cache, not in both')
  }
  const usesToken = config.proxy.useAutoAuthToken !== 'no'
  const place = `${places[0] ?? 'api_proxy'}.use_auto_auth_token`
  if (usesToken && config.auth === undefined) root.report(place, 'auto_auth beside it')
  if ((root.has('api_proxy') || usesToken) && config.listeners.length === 0) {
    root.report('listener', 'a listener beside api_proxy', {
      hint: usesToken ? `${place} makes one` : 'nobody can ask it',
    })
  }
}

function checkSupervisor({ config, root }: Subject): void {
  const { variables, templates, exec, proxy } = config
  if (!root.has('env_template')) {
    if (exec !== undefined) root.report('env_template', 'at least one beside exec')
    return
  }
  if (exec === undefined && variables.length > 0)
    root.report('exec', 'a block exec beside env_template')
  if (templates.length > 0) root.report('template', 'none beside env_template')
  if (root.has('api_proxy') || proxy.useAutoAuthToken !== 'no') {
    root.report('api_proxy', 'none beside env_template')
  }
}
