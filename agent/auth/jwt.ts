/** Logging in with a JWT that somebody puts into a file. */

import {
  fingerprintFile,
  readTrimmed,
  removeCredential,
  requireTrimmed,
} from '../../core/credential-file.ts'
import { Secret } from '../../core/secret.ts'
import type { AuthConfig, JwtConfig } from '../config/auth-config.ts'
import type { AuthMethod } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { sendLogin } from './send-login.ts'

const remembered = 'jwt'

/** A file that is gone or empty leaves the last JWT in use. It is removed after a login, never before: a crash must not lose it. */
export function createJwt(auth: AuthConfig, config: JwtConfig, ports: AuthPorts): AuthMethod {
  const { role, path } = config
  const facts = { path: `${auth.mountPath}/login`, role }
  return {
    identity: `jwt ${role}`,
    facts,
    login: async (held) => {
      const found = readTrimmed(path, 'jwt_unreadable')
      const jwt = found ?? held.get(remembered)?.reveal() ?? requireTrimmed(path, 'jwt_unreadable')
      const data = new Map([
        ['role', role],
        ['jwt', jwt],
      ])
      const granted = await sendLogin({ client: ports.client, auth, facts, data })
      if (config.remove && found !== undefined) {
        removeCredential({ path, followLinks: config.removeFollowsLinks }, ports.logger)
      }
      return { granted, credentials: new Map([[remembered, new Secret(jwt)]]) }
    },
    fingerprint: () => fingerprintFile(path),
  }
}
