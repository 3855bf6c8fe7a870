/** What every way to log in offers to the step. */
import type { Secret } from '../../core/secret.ts'
import type { SecretAuth } from '../../core/template/secret-request.ts'

/**
 * What a method must remember between two logins because its source may be gone by then (a secret id whose file was
 * removed), by names of its own. Part of the durable state, never of a log.
 */
export type Credentials = ReadonlyMap<string, Secret>

export interface Login {
  /** A token, or with `wrap_ttl` the wrapping information as JSON text that goes to the one sink. */
  readonly granted:
    | { readonly kind: 'token'; readonly auth: SecretAuth }
    | { readonly kind: 'wrapped'; readonly text: string }
  readonly credentials: Credentials
}

export interface AuthMethod {
  /** What a session belongs to besides the store and the mount, for example the role: another one does not inherit it. */
  readonly identity: string
  /** Facts for log lines and errors: the request's path, the role; empty where the method has none. No secrets. */
  readonly facts: { readonly path: string; readonly role: string }
  /** One attempt. Errors: `jwt_unreadable`, `credentials_unavailable`, `login_refused`, `tls_invalid`, `store_*`. */
  readonly login: (remembered: Credentials) => Promise<Login>
  /** A text that changes when the credentials on disk do; undefined where there are none, or none on disk. For `enable_reauth_on_new_credentials`. */
  readonly fingerprint: () => string | undefined
  /** Whether a login that failed left credentials that only this process has; absent: never. */
  readonly hasUnsaved?: () => boolean
}
