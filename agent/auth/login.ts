/** Logging in with a JWT: the kubernetes and jwt auth methods differ only in where they are mounted. */
import { AppError, type ErrorCode, type Facts } from '../../core/errors.ts'
import type { SecretAuth } from '../../core/template/secret-request.ts'
import type { VaultClient } from '../../core/vault/client.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import type { AuthConfig } from '../config/agent-config.ts'

/** What a refusal usually means, by status. Source: builtin kubernetes and jwt auth backends of Vault. */
const hints = new Map<unknown, string>([
  [400, 'the role may not exist, or it does not accept this token'],
  [
    403,
    'the role may not be bound to this ServiceAccount or namespace, or nothing is mounted there',
  ],
  [404, 'nothing may be mounted at this path'],
])

const refusals = new Set<ErrorCode>(['store_refused', 'secret_missing', 'token_invalid'])

export interface LoginPorts {
  readonly client: VaultClient
  /** The JWT, trimmed; read anew for each login because the kubelet rotates the file. */
  readonly readJwt: () => string
}

/** One attempt. Errors: `jwt_unreadable`, `login_refused` and `store_*`, with role, path and the store's status as facts. */
export function createLogin(
  auth: AuthConfig,
  { client, readJwt }: LoginPorts,
): () => Promise<SecretAuth> {
  const path = `${auth.mountPath}/login`
  const facts = { role: auth.role, path }
  return async () => {
    const jwt = readJwt()
    const answer = await client
      .write(
        path,
        new Map([
          ['role', auth.role],
          ['jwt', jwt],
        ]),
        {},
      )
      .catch((thrown: unknown) => {
        throw describeFailure(thrown, facts)
      })
    const { auth: granted } = parseEnvelope(answer)
    if (granted !== undefined && granted.clientToken !== '') return granted
    throw new AppError('store_answer_invalid', { ...facts, reason: 'a login without a token' })
  }
}

function describeFailure(thrown: unknown, facts: Facts): unknown {
  if (!(thrown instanceof AppError)) return thrown
  const { status } = thrown.facts
  const hint = refusals.has(thrown.code) ? hints.get(status) : undefined
  const code = refusals.has(thrown.code) ? 'login_refused' : thrown.code
  const described = { ...thrown.facts, ...facts, ...(hint === undefined ? {} : { hint }) }
  return new AppError(code, described, { cause: thrown })
}
