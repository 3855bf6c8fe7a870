/** The agent's command line: `agent` as Vault's own is started. */
import { type FlagRow, type FlagTable, type FlagValues, formatFlags } from '../core/go-flags.ts'

const noEffect = 'taken and without effect'

/** What stands in for an absent flag, `BAO_` in place of `VAULT_` first, is read with the configuration. */
export const agentFlags = {
  config: {
    kind: 'list',
    argument: 'PATH',
    help: 'file or directory, HCL or JSON, repeatable; else VAULT_CONFIG, base64 of JSON',
  },
  address: { kind: 'text', argument: 'URL', help: 'address of the store' },
  namespace: { kind: 'text', argument: 'NAME', help: 'namespace of everything' },
  ns: { kind: 'text', argument: 'NAME', help: 'the same as -namespace' },
  'ca-cert': { kind: 'text', argument: 'FILE', help: 'PEM file with the authority of the store' },
  'ca-path': { kind: 'text', argument: 'DIR', help: 'directory of such files' },
  'client-cert': { kind: 'text', argument: 'FILE', help: 'PEM file with the client certificate' },
  'client-key': { kind: 'text', argument: 'FILE', help: 'PEM file with its key' },
  'tls-server-name': {
    kind: 'text',
    argument: 'NAME',
    help: 'name that the certificate of the store is for',
  },
  'tls-skip-verify': { kind: 'boolean', help: 'take any certificate of the store' },
  'disable-redirects': { kind: 'boolean', help: 'follow no redirect of the store' },
  'log-level': {
    kind: 'text',
    argument: 'LEVEL',
    help: 'trace, debug, info, warn or error; default info',
  },
  'log-format': { kind: 'text', argument: 'FORMAT', help: 'standard or json; default standard' },
  'log-file': {
    kind: 'text',
    argument: 'PATH',
    help: 'file, or directory with a final slash, that the log goes to beside standard error',
  },
  'log-rotate-bytes': {
    kind: 'text',
    argument: 'BYTES',
    help: 'size after which the log file is changed; default none',
  },
  'log-rotate-duration': {
    kind: 'text',
    argument: 'TIME',
    help: 'age after which the log file is changed; default 24h',
  },
  'log-rotate-max-files': {
    kind: 'text',
    argument: 'COUNT',
    help: 'how many older log files are kept, -1 for none; default all',
  },
  'exit-after-auth': {
    kind: 'boolean',
    help: 'end after the first complete render; beats exit_after_auth of the configuration',
  },
  'test-verify-only': { kind: 'boolean', hidden: true, help: 'end after the configuration' },
  'combine-logs': { kind: 'boolean', hidden: true, help: noEffect },
  'agent-address': { kind: 'text', hidden: true, help: noEffect },
  header: { kind: 'list', hidden: true, help: noEffect },
  mfa: { kind: 'list', hidden: true, help: noEffect },
  'non-interactive': { kind: 'boolean', hidden: true, help: noEffect },
  'policy-override': { kind: 'boolean', hidden: true, help: noEffect },
  'unlock-key': { kind: 'text', hidden: true, help: noEffect },
  'wrap-ttl': { kind: 'text', hidden: true, help: noEffect },
  help: { kind: 'boolean', help: 'print this help' },
  version: { kind: 'boolean', help: 'print the version' },
} as const satisfies FlagTable

export type AgentFlags = FlagValues<typeof agentFlags>

/** Flag → the variable that stands in for it. */
const variables: Readonly<Record<string, string>> = {
  config: 'VAULT_AGENT_CONFIG_PATH',
  address: 'VAULT_ADDR',
  namespace: 'VAULT_NAMESPACE',
  'ca-cert': 'VAULT_CACERT',
  'ca-path': 'VAULT_CAPATH',
  'client-cert': 'VAULT_CLIENT_CERT',
  'client-key': 'VAULT_CLIENT_KEY',
  'tls-server-name': 'VAULT_TLS_SERVER_NAME',
  'tls-skip-verify': 'VAULT_SKIP_VERIFY',
  'disable-redirects': 'VAULT_DISABLE_REDIRECTS',
  'log-level': 'VAULT_LOG_LEVEL',
  'log-format': 'VAULT_LOG_FORMAT',
}

const rowsForHelp: FlagTable = Object.fromEntries(
  Object.entries<FlagRow>(agentFlags).map(([name, row]) => {
    const variable = Object.hasOwn(variables, name) ? variables[name] : undefined
    return [name, variable === undefined ? row : { ...row, variable }] as const
  }),
)

export const agentHelp = `Usage: claviger-agent agent [flags]

Logs in to a store, renders templates to files and keeps them fresh, as Vault Agent does and from its configuration.
Flags beat variables, variables the configuration. For each variable BAO_ in place of VAULT_ comes first. Also read: VAULT_CACERT_BYTES,
VAULT_CLIENT_TIMEOUT, VAULT_MAX_RETRIES, VAULT_RATE_LIMIT, VAULT_PROXY_ADDR, VAULT_AGENT_DISABLE_IDLE_CONNECTIONS,
VAULT_AGENT_DISABLE_KEEP_ALIVES, HTTP_PROXY, HTTPS_PROXY and NO_PROXY.

Flags:
${formatFlags(rowsForHelp)}
`
