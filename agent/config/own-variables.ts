/** Variables of the agent's environment that are for the agent alone. */

const own = /^(?:VAULT|BAO|CLAVIGER)_CONFIG$|^OTEL_EXPORTER_OTLP_(?:\w+_)?HEADERS$/

/** Its configuration, and the credential that it shows a collector. Tokens are not among them: who may see which differs. */
export function isOwnVariable(name: string): boolean {
  return own.test(name)
}
