import { policyPresets } from '../../core/template/policy.ts'
import { annotations } from '../inject/annotations/annotations.ts'
import { flavours, pullPolicies } from '../inject/annotations/container-annotations.ts'
import { authTypes } from '../inject/annotations/login-annotations.ts'
import { certificates } from '../inject/kinds/certificates.ts'
import {
  asWritten,
  choice,
  fraction,
  image,
  mountPath,
  orEmpty,
  quantity,
  storeAddress,
  text,
} from '../inject/kinds/value-kinds.ts'
import { type Flag, fallback, ownFallback, ownFlag, stockFlag } from './flag.ts'
import { goBool, goDuration, goFloat, goInteger, nonEmpty, stockCertificates } from './kinds.ts'

/** vault-k8s looks at these only when it makes a pod. */
const unchecked = { kind: text } as const
const asSwitch = (standard: 'true' | 'false') =>
  ({ isSwitch: true, stock: { kind: goBool, default: standard } }) as const
const checkedWhole = { ...asSwitch('false'), tag: 'whole' } as const

const quantityRow = (resource: string, annotation: string, standard: readonly [string, string]) =>
  ({
    annotation,
    tag: 'whole',
    default: standard[0],
    doc: `${resource} of an agent.`,
    stock: { ...unchecked, default: standard[1] },
  }) as const

/** One row a flag. Source of the stock names, variables and defaults: vault-k8s 1.7.6. */
export const agentFlags = {
  agentFlavour: ownFlag('agent-flavour', orEmpty(choice(flavours)), {
    default: '',
    doc: 'Which agent runs in the injected containers; empty for vault when the image came by a stock name or the profile is vault-k8s, else claviger.',
  }),
  vaultAddress: stockFlag('vault-address', storeAddress, {
    variable: 'VAULT_ADDR',
    annotation: annotations.service.key,
    doc: 'Address of the store. Required, but where -stores lists others: then pods that need Vault name it themselves.',
    stock: { kind: nonEmpty },
  }),
  vaultAuthType: stockFlag('vault-auth-type', choice<string>(authTypes), {
    annotation: annotations.authType.key,
    default: 'kubernetes',
    doc: 'Auth method of the agents.',
    stock: { ...unchecked, emptyIsDefault: true },
  }),
  vaultAuthPath: stockFlag('vault-auth-path', mountPath, {
    annotation: annotations.authPath.key,
    default: 'auth/kubernetes',
    doc: 'Where the auth method is mounted.',
    stock: unchecked,
  }),
  agentImage: ownFlag('agent-image', orEmpty(image), {
    annotation: annotations.image.key,
    default: '',
    doc: 'Image of the agent containers; empty for claviger/agent of the webhook’s version, in profile vault-k8s for -vault-image.',
  }),
  agentImagePullPolicy: ownFlag('agent-image-pull-policy', choice([...pullPolicies, '']), {
    default: '',
    doc: 'When the nodes pull that image; empty for Kubernetes’ own choice.',
  }),
  vaultImage: stockFlag('vault-image', text, {
    default: '',
    doc: 'The same under its stock name, for an image of a stock agent; read where -agent-image is not given.',
    stock: { default: 'hashicorp/vault:2.0.4', emptyIsDefault: true },
  }),
  cpuRequest: stockFlag(
    'cpu-request',
    quantity,
    quantityRow('CPU request', annotations.requestsCpu.key, ['10m', '250m']),
  ),
  cpuLimit: stockFlag(
    'cpu-limit',
    quantity,
    quantityRow('CPU limit', annotations.limitsCpu.key, ['', '500m']),
  ),
  memoryRequest: stockFlag('memory-request', quantity, {
    ...quantityRow('Memory request', annotations.requestsMemory.key, ['24Mi', '64Mi']),
    variable: 'MEM_REQUEST',
  }),
  memoryLimit: stockFlag('memory-limit', quantity, {
    ...quantityRow('Memory limit', annotations.limitsMemory.key, ['128Mi', '128Mi']),
    variable: 'MEM_LIMIT',
  }),
  ephemeralRequest: stockFlag('ephemeral-storage-request', quantity, {
    ...quantityRow('Ephemeral storage request', annotations.requestsEphemeral.key, ['', '']),
    variable: 'EPHEMERAL_REQUEST',
  }),
  ephemeralLimit: stockFlag('ephemeral-storage-limit', quantity, {
    ...quantityRow('Ephemeral storage limit', annotations.limitsEphemeral.key, ['', '']),
    variable: 'EPHEMERAL_LIMIT',
  }),
  vaultCaCert: stockFlag('vault-cacert-bytes', certificates, {
    variable: 'VAULT_CACERT_BYTES',
    tag: 'whole',
    default: '',
    doc: 'CA of the store, PEM or base64 of it, for pods without the annotation ca-cert.',
    stock: { kind: stockCertificates },
  }),
  vaultCaFile: ownFlag('vault-cacert-file', text, {
    default: '',
    doc: 'File with that CA, PEM, read again when it changes; instead of -vault-cacert-bytes.',
  }),
  stores: ownFlag('stores', text, {
    default: '',
    doc: 'Stores beside Vault that every pod may name, as JSON: {"NAME": {"type": "aws", "settings": {"region": "eu-west-1"}}}; empty for none.',
  }),
  vaultNamespace: fallback('vault-namespace', annotations.namespace, { stock: unchecked }),
  proxyAddress: fallback('proxy-address', annotations.proxyAddress, {
    variable: 'PROXY_ADDR',
    stock: unchecked,
  }),
  noProxy: ownFallback('no-proxy', annotations.noProxy),
  tracesEndpoint: ownFallback('agent-traces-endpoint', annotations.tracesEndpoint),
  ownToken: ownFallback('agent-own-token', {
    key: annotations.ownToken.key,
    kind: asWritten(annotations.ownToken.kind),
  }),
  tokenAudience: ownFallback('agent-token-audience', annotations.tokenAudience),
  nativeSidecar: ownFallback('native-sidecar', annotations.nativeSidecar),
  pullSecrets: ownFallback('agent-image-pull-secrets', {
    key: annotations.pullSecrets.key,
    kind: asWritten(annotations.pullSecrets.kind),
  }),
  templatePolicy: ownFlag('template-policy', choice([...policyPresets.keys(), '']), {
    default: '',
    doc: 'What templates may reach besides the store: nothing (restricted), or all that a stock agent lets them (stock); empty for the profile’s.',
  }),
  revokeOnShutdown: fallback<string>(
    'revoke-on-shutdown',
    { key: annotations.revokeOnShutdown.key, kind: goBool },
    asSwitch('false'),
  ),
  authMinBackoff: fallback<string>('auth-min-backoff', annotations.authMinBackoff, {
    tag: 'whole',
    stock: { kind: goDuration },
  }),
  authMaxBackoff: fallback<string>('auth-max-backoff', annotations.authMaxBackoff, {
    tag: 'whole',
    stock: { kind: goDuration },
  }),
  defaultTemplate: fallback<string>('default-template', annotations.defaultTemplate, {
    stock: { kind: choice<string>(['map', 'json']), default: 'map' },
  }),
  exitOnRetryFailure: fallback<string>(
    'template-config-exit-on-retry-failure',
    { key: annotations.exitOnRetryFailure.key, kind: goBool },
    asSwitch('true'),
  ),
  staticInterval: fallback<string>(
    'template-static-secret-render-interval',
    annotations.staticInterval,
    { tag: 'whole', stock: unchecked },
  ),
  maxConnectionsPerHost: {
    ...fallback<string>(
      'template-max-connections-per-host',
      { key: annotations.maxConnections.key, kind: goInteger },
      { tag: 'whole', stock: { kind: goInteger, default: '0' } },
    ),
    isVariable: true,
  },
  leaseRenewalThreshold: {
    ...fallback<string>(
      'template-lease-renewal-threshold',
      { key: annotations.renewalThreshold.key, kind: asWritten(fraction) },
      { tag: 'whole', stock: { kind: orEmpty(goFloat), isIgnored: true } },
    ),
    isVariable: true,
  },
  disableIdleConnections: fallback(
    'disable-idle-connections',
    { key: annotations.idleConnections.key, kind: text },
    {},
  ),
  disableKeepAlives: fallback(
    'disable-keep-alives',
    { key: annotations.keepAlives.key, kind: text },
    {},
  ),
  setSecurityContext: fallback<string>(
    'set-security-context',
    { key: annotations.setSecurityContext.key, kind: goBool },
    { ...asSwitch('true'), tag: 'whole' },
  ),
  runAsUser: fallback<string>(
    'run-as-user',
    { key: annotations.runAsUser.key, kind: asWritten(annotations.runAsUser.kind) },
    { tag: 'whole', stock: { ...unchecked, default: '100', emptyIsDefault: true } },
  ),
  runAsGroup: fallback<string>(
    'run-as-group',
    {
      key: annotations.runAsGroup.key,
      kind: asWritten(annotations.runAsGroup.kind),
    },
    { tag: 'whole', stock: { ...unchecked, default: '1000', emptyIsDefault: true } },
  ),
  runAsSameUser: fallback<string>(
    'run-as-same-user',
    { key: annotations.runAsSameUser.key, kind: goBool },
    checkedWhole,
  ),
} as const satisfies Record<string, Flag<unknown>>
