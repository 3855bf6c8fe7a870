/** The auth method that the configuration names. */
import type { AuthConfig, AuthMethodConfig } from '../config/auth-config.ts'
import { createApprole } from './approle.ts'
import type { AuthMethod, Login } from './auth-method.ts'
import type { AuthPorts } from './auth-ports.ts'
import { createCert } from './cert.ts'
import { createJwt } from './jwt.ts'
import { createKubernetes } from './kubernetes.ts'
import { createLdap } from './ldap.ts'
import { sendLogin } from './send-login.ts'
import { createTokenFile } from './token-file.ts'

/** Nothing is read or asked before the first login. */
export function createAuthMethod(auth: AuthConfig, ports: AuthPorts): AuthMethod {
  const { method } = auth
  switch (method.kind) {
    case 'kubernetes':
      return createKubernetes(auth, method, ports)
    case 'jwt':
      return createJwt(auth, method, ports)
    case 'approle':
      return createApprole(auth, method, ports)
    case 'cert':
      return createCert(auth, method, ports)
    case 'token_file':
      return createTokenFile(auth, method, ports)
    case 'ldap':
      return createLdap(auth, method, ports)
    case 'aws':
    case 'azure':
    case 'gcp':
      return createCloud(auth, method, ports)
  }
}

type CloudConfig = Extract<AuthMethodConfig, { readonly kind: 'aws' | 'azure' | 'gcp' }>

/** The proofs of the clouds take much code: it is loaded with the first login. */
function createCloud(auth: AuthConfig, method: CloudConfig, ports: AuthPorts): AuthMethod {
  const { kind, role } = method
  const facts = { path: `${auth.mountPath}/login`, role }
  return {
    identity: 'type' in method ? `${kind} ${method.type} ${role}` : `${kind} ${role}`,
    facts,
    login: async (remembered): Promise<Login> => {
      const { proveIdentity } = await import('./cloud/prove-identity.ts')
      const { data, credentials } = await proveIdentity(method, ports, remembered)
      return {
        granted: await sendLogin({ client: ports.client, auth, facts, data }),
        credentials,
      }
    },
    fingerprint: () => undefined,
  }
}
