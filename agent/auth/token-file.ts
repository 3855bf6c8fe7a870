/** A token that is there already: nothing is logged in, the store only says what it is worth. */

import { fingerprintFile, requireTrimmed } from '../../core/credential-file.ts'
import { JsonNumber, type JsonObject, type JsonValue } from '../../core/json.ts'
import { Secret } from '../../core/secret.ts'
import type { SecretAuth } from '../../core/template/secret-request.ts'
import { parseEnvelope } from '../../core/vault/envelope.ts'
import type { AuthConfig, TokenFileConfig } from '../config/auth-config.ts'
import type { AuthMethod } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { describingFailures, readWrapping } from './send-login.ts'

const path = 'auth/token/lookup-self'

/** A token without a life to end, as a root token, is never renewed. */
export function createTokenFile(
  { wrapTtlMs }: AuthConfig,
  { path: tokenPath }: TokenFileConfig,
  { client }: AuthPorts,
): AuthMethod {
  const facts = { path, role: '' }
  return {
    identity: `token_file ${tokenPath}`,
    facts,
    login: async () => {
      const token = new Secret(requireTrimmed(tokenPath, 'credentials_unavailable'))
      const options = wrapTtlMs === undefined ? { token } : { token, wrapTtlMs }
      const answer = await describingFailures(facts, () => client.read(path, options))
      const granted =
        wrapTtlMs === undefined
          ? ({ kind: 'token', auth: toAuth(token, answer) } as const)
          : readWrapping(answer, facts)
      return { granted, credentials: new Map() }
    },
    fingerprint: () => fingerprintFile(tokenPath),
  }
}

function toAuth(token: Secret, answer: JsonObject): SecretAuth {
  const data = parseEnvelope(answer).data ?? new Map<string, JsonValue>()
  const ttl = data.get('ttl')
  const accessor = data.get('accessor')
  const policies = data.get('policies')
  return {
    clientToken: token.reveal(),
    accessor: typeof accessor === 'string' ? accessor : '',
    policies: Array.isArray(policies) ? policies.filter((each) => typeof each === 'string') : [],
    metadata: new Map(),
    leaseDuration: ttl instanceof JsonNumber ? Number(ttl.text) : 0,
    renewable: data.get('renewable') === true,
  }
}
