/** Logging in with a user's name and password. */

import { fingerprintFile, readCredential, removeCredential } from '../../core/credential-file.ts'
import { AppError } from '../../core/errors.ts'
import { Secret } from '../../core/secret.ts'
import type { AuthConfig, LdapConfig } from '../config/auth-config.ts'
import type { AuthMethod } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { sendLogin } from './send-login.ts'

const remembered = 'password'

/** The password is the file as it is, its newline too. A file that is gone or empty leaves the last one in use. */
export function createLdap(auth: AuthConfig, config: LdapConfig, ports: AuthPorts): AuthMethod {
  const { username, passwordPath: path } = config
  const facts = { path: `${auth.mountPath}/login/${username}`, role: '' }
  return {
    identity: `ldap ${username}`,
    facts,
    login: async (held) => {
      const found = readCredential(path)
      const password = found ?? held.get(remembered)?.reveal()
      if (password === undefined) {
        throw new AppError('credentials_unavailable', { path, reason: 'no password yet' })
      }
      const data = new Map([['password', password]])
      const granted = await sendLogin({ client: ports.client, auth, facts, data })
      if (config.remove && found !== undefined) {
        removeCredential({ path, followLinks: config.removeFollowsLinks }, ports.logger)
      }
      return { granted, credentials: new Map([[remembered, new Secret(password)]]) }
    },
    fingerprint: () => fingerprintFile(path),
  }
}
