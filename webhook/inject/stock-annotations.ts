/** Annotations of vault-k8s 1.7.6 that this version does not read: using one earns a warning. A new row of the table leaves this list. */

/** Keys without prefix; one that ends in a dash is a family. */
export const unsupportedStockKeys: readonly string[] = [
  'agent-request-namespace',
  'proxy-address',
  'ca-key',
  'client-max-retries',
  'go-max-procs',
  'agent-configmap',
  'agent-revoke-on-shutdown',
  'agent-revoke-grace',
  'agent-cache-enable',
  'agent-cache-use-auto-auth-token',
  'agent-cache-listener-port',
  'agent-cache-exit-on-err',
  'agent-enable-quit',
  'template-max-connections-per-host',
  'agent-disable-idle-connections',
  'agent-disable-keep-alives',
  'agent-json-patch',
  'agent-init-json-patch',
  'agent-telemetry-',
  'agent-inject-command-',
]
