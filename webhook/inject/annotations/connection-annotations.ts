/** The rows of the annotation table that say where the store is and how the agent talks to it. */

import { hostName, objectName, proxyAddress, storeNamespace } from '../kinds/name-kinds.ts'
import { agentFile } from '../kinds/path-kinds.ts'
import { anyText } from '../kinds/stock-kinds.ts'
import { asWritten, bool, duration, storeAddress, text, wholeNumber } from '../kinds/value-kinds.ts'
import { plain } from './annotation.ts'

const since = '0.1.0'
const stock = anyText

/** Part of the annotation table. */
export const connectionAnnotations = {
  service: plain('service', storeAddress, {
    class: 'gated',
    default: 'flag `-vault-address`',
    since,
    stock,
    doc: 'Address of the store. `$(HOST_IP)`, `$(POD_IP)` and `$(NAMESPACE)` are filled in by the kubelet.',
  }),
  proxyAddress: plain('proxy-address', proxyAddress, {
    class: 'gated',
    default: 'flag `-proxy-address`, else none',
    since,
    stock,
    doc: 'Proxy through which the agent reaches the store (`HTTPS_PROXY`); "" is none.',
  }),
  noProxy: plain('no-proxy', text, {
    class: 'free',
    default: 'flag `-no-proxy`, else none',
    since,
    ours: true,
    doc: 'Hosts that the agent reaches without the proxy (`NO_PROXY`), with commas between them.',
  }),
  namespace: plain('namespace', storeNamespace, {
    class: 'gated',
    default: 'flag `-vault-namespace`, else none',
    since,
    stock,
    doc: 'Namespace of the store (Vault Enterprise, OpenBao) for the login and the secrets; none of Kubernetes.',
  }),
  skipVerify: plain('tls-skip-verify', bool, {
    class: 'gated',
    default: 'false',
    since,
    doc: 'Talks to a store whose certificate proves nothing. For trials only.',
  }),
  serverName: plain('tls-server-name', hostName, {
    class: 'gated',
    default: 'the host of `service`',
    since,
    stock,
    doc: 'The name that the store’s certificate must have.',
  }),
  caCert: plain('ca-cert', agentFile, {
    class: 'gated',
    default: 'flag `-vault-cacert-bytes`, else the CAs of the agent’s image',
    since,
    stock,
    doc: 'File in the agent’s containers with the CA of the store, PEM; `tls-secret` or `agent-extra-secret` brings it there.',
  }),
  caPath: plain('ca-key', agentFile, {
    class: 'gated',
    default: '',
    since,
    stock,
    doc: 'Despite its name, which is vault-k8s’s: a directory in the agent’s containers with CAs of the store, PEM.',
  }),
  clientCert: plain('client-cert', agentFile, {
    class: 'gated',
    default: '',
    since,
    stock,
    doc: 'File with the agent’s client certificate, PEM.',
  }),
  clientKey: plain('client-key', agentFile, {
    class: 'gated',
    default: '',
    since,
    stock,
    doc: 'File with its key, PEM.',
  }),
  tlsSecret: plain('tls-secret', objectName, {
    class: 'gated',
    default: '',
    since,
    stock,
    doc: 'A Secret that the agent’s containers get at `/vault/tls`.',
  }),
  clientTimeout: plain('client-timeout', duration, {
    class: 'free',
    default: '`60s`',
    since,
    stock,
    doc: 'How long a request to the store may take.',
  }),
  clientMaxRetries: plain('client-max-retries', asWritten(wholeNumber), {
    class: 'free',
    default: '`2`',
    since,
    stock,
    doc: 'How often the agent repeats a request that failed with a status above 499 (`VAULT_MAX_RETRIES`).',
  }),
} as const
