/** Auth methods as a configuration names them, against a store that a test scripts. */
import type { AuthMethod } from '../../agent/auth/auth-method.ts'
import type { AuthPorts } from '../../agent/auth/auth-ports.ts'
import { createAuthMethod } from '../../agent/auth/create-auth-method.ts'
import type { AuthConfig } from '../../agent/config/auth-config.ts'
import { readAuth } from '../../agent/config/auth-fields.ts'
import { Fields } from '../../agent/config/fields.ts'
import type { Issue } from '../../core/issue.ts'
import { parseJson } from '../../core/json.ts'
import { createLogger } from '../../core/log.ts'
import { createVaultClient } from '../../core/vault/client.ts'
import { createTransport } from '../../core/vault/transport.ts'
import { start } from './agent-fixtures.ts'

export interface ReadAuth {
  readonly auth: AuthConfig
  readonly issues: readonly Issue[]
}

/** What `auto_auth.method` gives, with `others` beside it. */
export function readMethod(method: unknown, others: object = {}): ReadAuth {
  const issues: Issue[] = []
  const block = parseJson(JSON.stringify({ method, ...others }))
  const auth = readAuth(new Fields(block instanceof Map ? block : new Map(), 'auto_auth', issues))
  return { auth, issues }
}

export interface PortsOptions {
  readonly address: string
  readonly environment?: Readonly<Record<string, string>>
  /** Lines of the log. */
  readonly lines?: string[]
  readonly connect?: AuthPorts['connect']
}

export function authPorts({
  address,
  environment = {},
  lines = [],
  connect,
}: PortsOptions): AuthPorts {
  const client = connectTo(address)
  return {
    client,
    connect: connect ?? (() => client),
    address,
    environment,
    now: () => start,
    logger: createLogger({
      level: 'trace',
      format: 'standard',
      write: (line) => lines.push(line),
      now: () => start,
    }),
  }
}

function connectTo(address: string) {
  const transport = createTransport({ tls: {}, skipVerify: false, timeoutMs: 5000 })
  return createVaultClient({ address, transport })
}

/** Throws what is wrong with `method`. */
export function methodOf(method: unknown, options: PortsOptions): AuthMethod {
  const { auth, issues } = readMethod(method)
  if (issues.length > 0) throw new Error(JSON.stringify(issues))
  return createAuthMethod(auth, authPorts(options))
}
