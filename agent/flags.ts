/** The agent's command line: `agent` as Vault's own is started. */
import { formatFlags } from '../core/go-flags.ts'

export const agentFlags = {
  config: {
    kind: 'text',
    argument: 'PATH',
    help: 'JSON configuration file; without it VAULT_CONFIG is read (base64 of the JSON)',
  },
  'log-level': {
    kind: 'text',
    argument: 'LEVEL',
    variable: 'VAULT_LOG_LEVEL',
    help: 'trace, debug, info, warn or error; default info',
  },
  'log-format': {
    kind: 'text',
    argument: 'FORMAT',
    variable: 'VAULT_LOG_FORMAT',
    help: 'standard or json; default standard',
  },
  'exit-after-auth': {
    kind: 'boolean',
    help: 'end after the first complete render; beats exit_after_auth of the configuration',
  },
  help: { kind: 'boolean', help: 'print this help' },
  version: { kind: 'boolean', help: 'print the version' },
} as const

export const agentHelp = `Usage: claviger-agent agent [flags]

Logs in to Vault with the pod's ServiceAccount token, renders templates to files and keeps them fresh.
VAULT_ADDR, VAULT_NAMESPACE, VAULT_CACERT, VAULT_CLIENT_CERT, VAULT_CLIENT_KEY, VAULT_TLS_SERVER_NAME, VAULT_SKIP_VERIFY
and VAULT_CLIENT_TIMEOUT beat the configuration.

Flags:
${formatFlags(agentFlags)}
`
