/** The `auto_auth.method` block. */
import type { AuthConfig } from './agent-config.ts'
import type { Fields } from './fields.ts'

const serviceAccountToken = '/var/run/secrets/kubernetes.io/serviceaccount/token'

/** Method → the key that holds the JWT's path, and its default. One row per method. */
const methods = new Map<
  string,
  { readonly kind: AuthConfig['kind']; readonly pathKey: string; readonly path?: string }
>([
  ['kubernetes', { kind: 'kubernetes', pathKey: 'token_path', path: serviceAccountToken }],
  ['jwt', { kind: 'jwt', pathKey: 'path' }],
])

/** Defaults: mount `auth/<type>`, backoff 1 s to 5 min. */
export function readAuth(autoAuth: Fields): AuthConfig {
  const method = autoAuth.block('method')
  const type = method.requiredText('type')
  const known = methods.get(type)
  if (type !== '' && known === undefined) {
    method.report('type', `one of ${[...methods.keys()].join(', ')}`, { got: type })
  }
  const config = method.block('config')
  const { kind, pathKey, path } = known ?? { kind: 'kubernetes', pathKey: 'token_path', path: '' }
  return {
    kind,
    mountPath: trimSlashes(method.text('mount_path') || `auth/${type}`),
    role: config.requiredText('role'),
    jwtPath: path === undefined ? config.requiredText(pathKey) : (config.text(pathKey) ?? path),
    removeJwt: kind === 'jwt' && (config.flag('remove_jwt_after_reading') ?? true),
    backoff: readBackoff(method),
    exitOnError: method.flag('exit_on_err') ?? false,
  }
}

function readBackoff(method: Fields): AuthConfig['backoff'] {
  const minMs = method.duration('min_backoff') || 1000
  const maxMs = method.duration('max_backoff') || 300_000
  if (minMs > maxMs) method.report('min_backoff', 'no more than max_backoff')
  return { minMs, maxMs }
}

function trimSlashes(path: string): string {
  return path.replace(/^\/+|\/+$/g, '')
}
