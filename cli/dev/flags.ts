/** The command line of `claviger dev`. */
import { formatFlags } from '../../core/go-flags.ts'

export const defaultListen = '127.0.0.1:8200'
export const defaultDirectory = '.claviger-dev'

const data = {
  kind: 'text',
  argument: 'DIR',
  help: `where secrets, roles and keys are kept; default ${defaultDirectory}`,
} as const

const help = { kind: 'boolean', help: 'print this help' } as const

export const devFlags = {
  listen: {
    kind: 'text',
    argument: 'HOST:PORT',
    help: `address to listen on, port 0 for any free one; default ${defaultListen}`,
  },
  data,
  'root-token-file': {
    kind: 'text',
    argument: 'PATH',
    help: 'file of the root token, made when missing; default root-token in the data directory',
  },
  'audit-log': {
    kind: 'text',
    argument: 'PATH',
    help: 'append one JSON line a request: path, operation, status, never a value',
  },
  'allow-remote': { kind: 'boolean', help: 'listen on an address that other machines reach' },
  help,
} as const

export const devTokenFlags = {
  data,
  namespace: { kind: 'text', argument: 'NAME', help: 'namespace of the ServiceAccount' },
  'service-account': { kind: 'text', argument: 'NAME', help: 'name of the ServiceAccount' },
  audience: { kind: 'text', argument: 'TEXT', help: 'audience; default the issuer itself' },
  ttl: { kind: 'text', argument: 'DURATION', help: 'how long the token is valid; default 1h' },
  help,
} as const

export const devHelp = `Usage: claviger dev [flags]
       claviger dev token -namespace=NAME -service-account=NAME [flags]

Runs a store that answers like the part of Vault that Claviger uses. For development only: plain HTTP, no seal, secrets
unencrypted in the data directory.

Engines: kv (versions 1 and 2), database (with made-up users), pki. Auth methods: token, kubernetes, jwt, approle. Policies in HCL or
JSON, wrapped answers, leases.

Flags:
${formatFlags(devFlags)}

claviger dev token --help describes the other form.
`

export const devTokenHelp = `Usage: claviger dev token -namespace=NAME -service-account=NAME [flags]

Prints a ServiceAccount token that a store on the same data directory accepts at auth/kubernetes/login and auth/jwt/login.

Flags:
${formatFlags(devTokenFlags)}
`
