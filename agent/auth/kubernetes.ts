/** Logging in with the pod's ServiceAccount token. */

import { requireTrimmed } from '../../core/credential-file.ts'
import type { AuthConfig, KubernetesConfig } from '../config/auth-config.ts'
import type { AuthMethod } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { sendLogin } from './send-login.ts'

/** The token is read anew for each login, since the kubelet replaces it before it expires. */
export function createKubernetes(
  auth: AuthConfig,
  { role, tokenPath }: KubernetesConfig,
  { client }: AuthPorts,
): AuthMethod {
  const facts = { path: `${auth.mountPath}/login`, role }
  return {
    identity: `kubernetes ${role}`,
    facts,
    login: async () => {
      const jwt = requireTrimmed(tokenPath, 'jwt_unreadable')
      const data = new Map([
        ['role', role],
        ['jwt', jwt],
      ])
      return { granted: await sendLogin({ client, auth, facts, data }), credentials: new Map() }
    },
    // The kubelet writes a new token long before the old one ends: that is no news.
    fingerprint: () => undefined,
  }
}
