/** The files whose change is a reason to log in anew. */
import type { AuthConfig } from '../config/auth-config.ts'

/** None unless `enable_reauth_on_new_credentials` is set: those that a method's `fingerprint` looks at. */
export function credentialPaths(auth: AuthConfig | undefined): readonly string[] {
  if (auth?.reauthOnNewCredentials !== true) return []
  const { method } = auth
  switch (method.kind) {
    case 'approle':
      return method.secretIdPath === undefined ? [] : [method.secretIdPath]
    case 'jwt':
    case 'token_file':
      return [method.path]
    case 'ldap':
      return [method.passwordPath]
    default:
      return []
  }
}
