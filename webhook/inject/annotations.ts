/** The annotation table: everything that reads, documents or checks annotations derives from it. */
import { family, plain } from './annotation.ts'
import { logFormat, logLevel } from './log-kinds.ts'
import { hostName, objectName, storeNamespace } from './name-kinds.ts'
import { agentFile, directory, relativePath } from './path-kinds.ts'
import {
  bool,
  choice,
  choiceInAnyCase,
  duration,
  fileMode,
  fraction,
  image,
  mountPath,
  quantity,
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
    doc: 'The role to log in with. Required.',
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
  namespace: plain('namespace', storeNamespace, {
    default: '',
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
    default: 'the CAs of the agent’s image',
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
  extraSecret: plain('agent-extra-secret', objectName, {
    default: '',
    since,
    doc: 'A Secret that the agent’s containers get at `/vault/custom`, with template files for example.',
  }),
  clientTimeout: plain('client-timeout', duration, {
    default: '`60s`',
    since,
    doc: 'How long a request to the store may take.',
  }),
  secret: family('agent-inject-secret-', text, {
    default: '',
    since,
    doc: 'Declares the secret `<name>`; the value is its path. The file is called `<name>`, in lower case unless `preserve-secret-case` is on. Blank declares nothing.',
  }),
  template: family('agent-inject-template-', text, {
    default: '`agent-inject-default-template`',
    since,
    doc: 'The Go template whose output becomes the file; declares the secret by itself too.',
  }),
  templateFile: family('agent-inject-template-file-', agentFile, {
    default: '',
    since,
    doc: 'A file in the agent’s containers that holds the template; declares the secret by itself too. An inline template beats it.',
  }),
  leftDelimiter: family('agent-template-left-delim-', text, {
    default: '`{{`',
    since,
    doc: 'What opens an action in the template.',
  }),
  rightDelimiter: family('agent-template-right-delim-', text, {
    default: '`}}`',
    since,
    doc: 'What closes an action in the template.',
  }),
  errorOnMissingKey: family('error-on-missing-key-', bool, {
    default: 'false',
    since,
    doc: 'Makes a key that the secret does not have an error instead of `<no value>`.',
  }),
  defaultTemplate: plain('agent-inject-default-template', choiceInAnyCase(['map', 'json']), {
    default: '`map`',
    since,
    doc: 'What secrets without a template become: one `key: value` line an entry of `.Data`, or all of it as JSON.',
  }),
  file: family('agent-inject-file-', relativePath, {
    default: '`<name>`',
    since,
    doc: 'File name, or a path below the directory of the secrets.',
  }),
  perms: family('agent-inject-perms-', fileMode, {
    default: '`0644`',
    since,
    doc: 'Permission bits of the file.',
  }),
  preserveCase: plain('preserve-secret-case', bool, {
    default: 'false',
    since,
    doc: 'Keeps the letter case of `<name>` in the names of the files.',
  }),
  preserveOwnCase: family('preserve-secret-case-', bool, {
    default: '`preserve-secret-case`',
    since,
    doc: 'The same for one secret.',
  }),
  token: plain('agent-inject-token', bool, {
    default: 'false',
    since,
    doc: 'Writes the token that the agent got to the file `token` in `secret-volume-path`.',
  }),
  secretVolumePath: plain('secret-volume-path', directory, {
    default: '`/vault/secrets`',
    since,
    doc: 'Directory in the containers where the files appear, read-only for the app.',
  }),
  secretOwnPath: family('secret-volume-path-', directory, {
    default: '`secret-volume-path`',
    since,
    doc: 'A directory for this secret alone, on a memory volume of its own.',
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
    default: '`1s`',
    since,
    doc: 'Pause after the first login that failed; it doubles with each one that follows.',
  }),
  authMaxBackoff: plain('auth-max-backoff', duration, {
    default: '`5m`',
    since,
    doc: 'The longest pause between two logins.',
  }),
  authExitOnError: plain('agent-auto-auth-exit-on-err', bool, {
    default: 'false',
    since,
    doc: 'Ends the agent after the first login that failed.',
  }),
  exitOnRetryFailure: plain('template-config-exit-on-retry-failure', bool, {
    default: 'true',
    since,
    doc: 'Ends the agent with an error when the retries before the first render run out.',
  }),
  renewalThreshold: plain('template-lease-renewal-threshold', fraction, {
    default: '`0.9`',
    since,
    doc: 'Part of a lease that cannot be renewed after which the secret is read again.',
  }),
  staticInterval: plain('template-static-secret-render-interval', duration, {
    default: '`5m`',
    since,
    doc: 'How often a secret without a lease is read again.',
  }),
  logLevel: plain('log-level', logLevel, {
    default: '`info`',
    since,
    doc: 'What the agent logs.',
  }),
  logFormat: plain('log-format', logFormat, {
    default: '`standard`',
    since,
    doc: 'One readable line, or one JSON object a line.',
  }),
  image: plain('agent-image', image, {
    default: 'flag `-agent-image`',
    since,
    doc: 'Image of both agent containers.',
  }),
  limitsCpu: plain('agent-limits-cpu', quantity, {
    default: 'flag `-cpu-limit`, else none',
    since,
    doc: 'CPU limit of each agent container.',
  }),
  limitsMemory: plain('agent-limits-mem', quantity, {
    default: 'flag `-memory-limit`, else `128Mi`',
    since,
    doc: 'Memory limit of each agent container; the memory volumes count against it.',
  }),
  limitsEphemeral: plain('agent-limits-ephemeral', quantity, {
    default: 'flag `-ephemeral-storage-limit`, else none',
    since,
    doc: 'Ephemeral storage limit of each agent container.',
  }),
  requestsCpu: plain('agent-requests-cpu', quantity, {
    default: 'flag `-cpu-request`, else `10m`',
    since,
    doc: 'CPU request of each agent container.',
  }),
  requestsMemory: plain('agent-requests-mem', quantity, {
    default: 'flag `-memory-request`, else `32Mi`',
    since,
    doc: 'Memory request of each agent container.',
  }),
  requestsEphemeral: plain('agent-requests-ephemeral', quantity, {
    default: 'flag `-ephemeral-storage-request`, else none',
    since,
    doc: 'Ephemeral storage request of each agent container.',
  }),
} as const
