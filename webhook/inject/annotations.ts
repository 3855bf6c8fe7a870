/** The annotation table: everything that reads, documents or checks annotations derives from it. */
import { family, plain } from './annotation.ts'
import { containerAnnotations } from './container-annotations.ts'
import { hostName, objectName, storeNamespace } from './name-kinds.ts'
import { agentFile } from './path-kinds.ts'
import { secretAnnotations } from './secret-annotations.ts'
import {
  bool,
  choice,
  duration,
  fraction,
  mountPath,
  nameList,
  requiredText,
  storeAddress,
  text,
} from './value-kinds.ts'

/** The auth methods whose login needs nothing but a ServiceAccount token and a role. */
export const authTypes = ['kubernetes', 'jwt'] as const
export type AuthType = (typeof authTypes)[number]

/** The status that is written to an injected pod and stops a second injection. */
export const injectedStatus = 'injected'

const since = '0.1.0'

/** One row an annotation, under every prefix; source of the keys: vault-k8s 1.7.6. */
export const annotations = {
  inject: plain('agent-inject', bool, {
    default: 'false',
    since,
    doc: 'Turns injection on for the pod. Without it every other annotation is ignored.',
  }),
  status: plain('agent-inject-status', text, {
    default: '',
    since,
    doc: 'Written by the webhook as `injected`; a pod that has this value is left alone.',
  }),
  role: plain('role', requiredText('the name of a role of the auth method'), {
    default: '',
    since,
    doc: 'The role to log in with. Required, here or in `auth-config-role`, which it beats.',
  }),
  service: plain('service', storeAddress, {
    default: 'flag `-vault-address`',
    since,
    doc: 'Address of the store. `$(HOST_IP)`, `$(POD_IP)` and `$(NAMESPACE)` are filled in by the kubelet.',
  }),
  authPath: plain('auth-path', mountPath, {
    default: 'flag `-vault-auth-path`',
    since,
    doc: 'Where the auth method is mounted.',
  }),
  authType: plain('auth-type', choice(authTypes), {
    default: 'flag `-vault-auth-type`',
    since,
    doc: 'The auth method; both log in with the pod’s ServiceAccount token.',
  }),
  authConfig: family('auth-config-', text, {
    default: '',
    since,
    doc: 'Parameter `<name>` of the login, dashes as underscores: `role`, `token-path`; with `jwt` also `path` and `remove-jwt-after-reading`.',
  }),
  namespace: plain('namespace', storeNamespace, {
    default: 'flag `-vault-namespace`, else none',
    since,
    doc: 'Namespace of the store (Vault Enterprise, OpenBao) for the login and the secrets; none of Kubernetes.',
  }),
  skipVerify: plain('tls-skip-verify', bool, {
    default: 'false',
    since,
    doc: 'Talks to a store whose certificate proves nothing. For trials only.',
  }),
  serverName: plain('tls-server-name', hostName, {
    default: 'the host of `service`',
    since,
    doc: 'The name that the store’s certificate must have.',
  }),
  caCert: plain('ca-cert', agentFile, {
    default: 'flag `-vault-cacert-bytes`, else the CAs of the agent’s image',
    since,
    doc: 'File in the agent’s containers with the CA of the store, PEM; `tls-secret` or `agent-extra-secret` brings it there.',
  }),
  clientCert: plain('client-cert', agentFile, {
    default: '',
    since,
    doc: 'File with the agent’s client certificate, PEM.',
  }),
  clientKey: plain('client-key', agentFile, {
    default: '',
    since,
    doc: 'File with its key, PEM.',
  }),
  tlsSecret: plain('tls-secret', objectName, {
    default: '',
    since,
    doc: 'A Secret that the agent’s containers get at `/vault/tls`.',
  }),
  clientTimeout: plain('client-timeout', duration, {
    default: '`60s`',
    since,
    doc: 'How long a request to the store may take.',
  }),
  ...secretAnnotations,
  containers: plain('agent-inject-containers', nameList, {
    default: 'every container',
    since,
    doc: 'The app containers that see the secrets; "" is none. Init containers always see them.',
  }),
  initFirst: plain('agent-init-first', bool, {
    default: 'false',
    since,
    doc: 'Puts the agent’s init container before the pod’s own instead of after them.',
  }),
  shareProcessNamespace: plain('agent-share-process-namespace', bool, {
    default: 'the pod’s own',
    since,
    doc: 'Sets `spec.shareProcessNamespace`; a pod that says otherwise itself is denied.',
  }),
  tokenVolume: plain('agent-service-account-token-volume-name', text, {
    default: 'a token of the agent’s own',
    since,
    doc: 'A volume of the pod that projects the ServiceAccount token to log in with.',
  }),
  prePopulate: plain('agent-pre-populate', bool, {
    default: 'true',
    since,
    doc: 'Adds the init container, so that the files exist before the app starts.',
  }),
  prePopulateOnly: plain('agent-pre-populate-only', bool, {
    default: 'false',
    since,
    doc: 'Leaves out the sidecar: files are written once, as a Job wants it.',
  }),
  authMinBackoff: plain('auth-min-backoff', duration, {
    default: 'flag `-auth-min-backoff`, else `1s`',
    since,
    doc: 'Pause after the first login that failed; it doubles with each one that follows.',
  }),
  authMaxBackoff: plain('auth-max-backoff', duration, {
    default: 'flag `-auth-max-backoff`, else `5m`',
    since,
    doc: 'The longest pause between two logins.',
  }),
  authExitOnError: plain('agent-auto-auth-exit-on-err', bool, {
    default: 'false',
    since,
    doc: 'Ends the agent after the first login that failed.',
  }),
  exitOnRetryFailure: plain('template-config-exit-on-retry-failure', bool, {
    default: 'flag `-template-config-exit-on-retry-failure`, else true',
    since,
    doc: 'Ends the agent with an error when the retries before the first render run out.',
  }),
  renewalThreshold: plain('template-lease-renewal-threshold', fraction, {
    default: '`0.9`',
    since,
    doc: 'Part of a lease that cannot be renewed after which the secret is read again.',
  }),
  staticInterval: plain('template-static-secret-render-interval', duration, {
    default: 'flag `-template-static-secret-render-interval`, else `5m`',
    since,
    doc: 'How often a secret without a lease is read again.',
  }),
  ...containerAnnotations,
} as const
