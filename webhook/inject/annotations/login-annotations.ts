/** The rows of the annotation table that say how the agent logs in, and what becomes of its token. */

import { anyText, goDuration, uint64, type Whole } from '../kinds/stock-kinds.ts'
import {
  bool,
  choice,
  duration,
  mountPath,
  requiredText,
  text,
  wholeNumber,
} from '../kinds/value-kinds.ts'
import { family, plain } from './annotation.ts'

/** The auth methods of Vault's agent. Source: its documentation, auto-auth methods. */
export const authTypes = [
  'kubernetes',
  'jwt',
  'approle',
  'aws',
  'azure',
  'cert',
  'gcp',
  'alicloud',
  'cf',
  'kerberos',
  'ldap',
  'oci',
  'token_file',
] as const

/** Those that need nothing but a ServiceAccount token and a role. */
export const tokenAuthTypes: readonly string[] = ['kubernetes', 'jwt']

const since = '0.1.0'

/** Part of the annotation table. */
export const loginAnnotations = {
  role: plain('role', requiredText('the name of a role of the auth method'), {
    class: 'gated',
    default: '',
    since,
    stock: anyText,
    doc: 'The role to log in with. Required for `kubernetes` and `jwt`, here or in `auth-config-role`, which it beats.',
  }),
  authType: plain<string>('auth-type', choice(authTypes), {
    class: 'gated',
    default: 'flag `-vault-auth-type`',
    since,
    stock: anyText,
    doc: 'The auth method. With `kubernetes` and `jwt` the agent shows a ServiceAccount token. Only stock agents know `alicloud`, `cf`, `kerberos` and `oci`.',
  }),
  authPath: plain('auth-path', mountPath, {
    class: 'gated',
    default: 'flag `-vault-auth-path`',
    since,
    stock: anyText,
    doc: 'Where the auth method is mounted.',
  }),
  authConfig: family('auth-config-', text, {
    class: 'gated',
    default: '',
    since,
    unnamed: true,
    doc: 'Parameter `<name>` of the login, dashes as underscores: `role`, `token-path`; with `jwt` also `path`, `remove-jwt-after-reading` and `remove-jwt-follows-symlinks`; other methods have their own.',
  }),
  authMinBackoff: plain('auth-min-backoff', duration, {
    class: 'free',
    default: 'flag `-auth-min-backoff`, else `1s`',
    since,
    stock: goDuration,
    stage: 'defaults',
    doc: 'Pause after the first login that failed; it doubles with each one that follows.',
  }),
  authMaxBackoff: plain('auth-max-backoff', duration, {
    class: 'free',
    default: 'flag `-auth-max-backoff`, else `5m`',
    since,
    stock: goDuration,
    stage: 'defaults',
    doc: 'The longest pause between two logins.',
  }),
  authExitOnError: plain('agent-auto-auth-exit-on-err', bool, {
    class: 'free',
    default: 'false',
    since,
    doc: 'Ends the agent after the first login that failed.',
  }),
  ownToken: plain('agent-own-token', bool, {
    class: 'gated',
    default: 'flag `-agent-own-token`, else true',
    since,
    ours: true,
    doc: 'Gives the agent a ServiceAccount token of its own, which lives for an hour; "false" lets it use the token that the pod’s containers mount.',
  }),
  tokenAudience: plain('agent-token-audience', text, {
    class: 'gated',
    default: 'flag `-agent-token-audience`, else that of the API server',
    since,
    ours: true,
    doc: 'Audience of the agent’s own token; the role in the store must expect it.',
  }),
  tokenVolume: plain('agent-service-account-token-volume-name', text, {
    class: 'gated',
    default: 'a token of the agent’s own',
    since,
    doc: 'A volume of the pod that projects the ServiceAccount token to log in with.',
  }),
  token: plain('agent-inject-token', bool, {
    class: 'gated',
    default: 'false',
    since,
    doc: 'Writes the token that the agent got to the file `token` in `secret-volume-path`.',
  }),
  revokeOnShutdown: plain('agent-revoke-on-shutdown', bool, {
    class: 'free',
    default: 'flag `-revoke-on-shutdown`, else false',
    since,
    doc: 'Revokes the agent’s token, and those that other Vaults gave it, when the pod ends.',
  }),
  revokeGrace: plain<Whole>('agent-revoke-grace', wholeNumber, {
    class: 'bounded',
    default: '`5`',
    since,
    stock: uint64,
    doc: 'Seconds between the pod’s end and the revocation of the token, fewer than its `terminationGracePeriodSeconds`. A native sidecar of Claviger’s ends after the app and waits for nothing.',
  }),
} as const
