/** The `auto_auth.method` block. */
import { findNearest } from '../../core/nearest.ts'
import type { AuthConfig, AuthMethodConfig } from './auth-config.ts'
import { methodReaders } from './auth-method-fields.ts'
import type { Fields } from './fields.ts'

/** Of Vault Agent's that this one does not have. */
const unsupported = ['alicloud', 'cf', 'kerberos', 'oci']

/** Defaults: mount `auth/<type>`, backoff 1 s to 5 min. A token file has no mount but `auth/token`. */
export function readAuth(autoAuth: Fields): AuthConfig {
  const method = autoAuth.block('method')
  const type = method.requiredText('type')
  return {
    method: readMethod(method, type),
    mountPath: type === 'token_file' ? 'auth/token' : readMountPath(method, type),
    wrapTtlMs: method.duration('wrap_ttl') || undefined,
    backoff: readBackoff(method),
    exitOnError: method.strictFlag('exit_on_err') ?? false,
    reauthOnNewCredentials: autoAuth.strictFlag('enable_reauth_on_new_credentials') ?? false,
  }
}

function readMethod(method: Fields, type: string): AuthMethodConfig {
  const read = methodReaders.get(type)
  if (read !== undefined) return read(method.block('config'))
  if (type !== '') reportType(method, type)
  return { kind: 'token_file', path: '' }
}

function reportType(method: Fields, type: string): void {
  const known = [...methodReaders.keys()]
  const nearest = findNearest(type, known)
  const hint = unsupported.includes(type)
    ? `the method ${type} is not supported by this agent`
    : nearest === undefined
      ? undefined
      : `did you mean ${nearest}?`
  method.report('type', `one of ${known.join(', ')}`, {
    got: type,
    ...(hint === undefined ? {} : { hint }),
  })
}

function readMountPath(method: Fields, type: string): string {
  return (method.text('mount_path') || `auth/${type}`).replace(/^\/+|\/+$/g, '')
}

function readBackoff(method: Fields): AuthConfig['backoff'] {
  const minMs = method.duration('min_backoff') || 1000
  const maxMs = method.duration('max_backoff') || 300_000
  if (minMs > maxMs) method.report('min_backoff', 'no more than max_backoff')
  return { minMs, maxMs }
}
