/** The table of flags and environment variables of `agent-inject`. */
import { durationExpected, parseDuration } from '../core/duration.ts'
import { findNearest } from '../core/nearest.ts'
import { version } from '../core/version.ts'
import type { PlainAnnotation } from './inject/annotation.ts'
import { annotations } from './inject/annotations.ts'
import { certificates } from './inject/certificates.ts'
import { type PullPolicy, pullPolicies } from './inject/container-annotations.ts'
import { logFormat, logLevel } from './inject/log-kinds.ts'
import { authTypes } from './inject/login-annotations.ts'
import { profiles } from './inject/profiles.ts'
import {
  bool,
  choice,
  image,
  mountPath,
  quantity,
  requiredText,
  storeAddress,
  text,
  type ValueKind,
} from './inject/value-kinds.ts'

export interface Flag<T> {
  /** Without dashes. */
  readonly name: string
  /** The variable, which beats the flag unless it is empty. */
  readonly env: string
  readonly kind: ValueKind<T>
  /** As it would be written; undefined when there is none. */
  readonly default: string | undefined
  readonly doc: string
  /** The key of the annotation that it is the default of, for pods that do not have it. */
  readonly annotation?: string
}

export interface ListenAddress {
  /** Undefined for every address of the machine. */
  readonly host: string | undefined
  readonly port: number
}

const listenAddress: ValueKind<ListenAddress> = {
  expected: 'host:port or :port',
  parse: (value) => {
    const match = /^(?:\[([\da-fA-F:.]+)\]|([^:\s[\]]*)):(\d{1,5})$/.exec(value)
    const port = Number(match?.[3])
    if (match === null || port > 65_535) return undefined
    return { host: match[1] ?? (match[2] || undefined), port }
  },
  shown: true,
}

const duration: ValueKind<number> = {
  expected: durationExpected,
  parse: (value) => {
    const parsed = parseDuration(value, '')
    return parsed.kind === 'ok' ? parsed.value : undefined
  },
  shown: true,
}

/** DNS names and IPv4 addresses. */
const hostList: ValueKind<readonly string[]> = {
  expected: 'DNS names or IPv4 addresses with commas between them',
  parse: (value) => {
    const hosts = value.split(',').map((host) => host.trim())
    if (value === '') return []
    return hosts.every((host) => /^[\w*-]+(\.[\w-]+)*$/.test(host)) ? hosts : undefined
  },
  shown: false,
}

const optionalPullPolicy: ValueKind<PullPolicy | ''> = choice([...pullPolicies, ''])

const profileName: ValueKind<string> = choice([...profiles.keys()])

function flag<T>(
  name: string,
  kind: ValueKind<T>,
  given: { readonly env?: string; readonly default?: string; readonly doc: string },
): Flag<T> {
  const env = given.env ?? `AGENT_INJECT_${name.toUpperCase().replaceAll('-', '_')}`
  return { name, env, kind, default: given.default, doc: given.doc }
}

/** The operator's default for an annotation; without one the profile's applies. */
function fallback<T>(name: string, { key, kind }: PlainAnnotation<T>): Flag<T> {
  const doc = `Default of the annotation ${key}; empty for the profile’s.`
  return { ...flag(name, kind, { default: '', doc }), annotation: key }
}

/** One row a flag. Source of names, variables and defaults: vault-k8s 1.7.6; the rows marked "ours" are not there. */
export const flags = {
  listen: flag('listen', listenAddress, { default: ':8080', doc: 'Address to serve on.' }),
  logLevel: flag('log-level', logLevel, { default: 'info', doc: 'What is logged.' }),
  logFormat: flag('log-format', logFormat, {
    default: 'standard',
    doc: 'One readable line, or one JSON object a line.',
  }),
  profile: flag('profile', profileName, {
    default: 'claviger',
    doc: 'The set of defaults for injected pods (ours).',
  }),
  vaultAddress: flag('vault-address', storeAddress, {
    env: 'AGENT_INJECT_VAULT_ADDR',
    doc: 'Address of the store. Required.',
  }),
  vaultAuthType: flag('vault-auth-type', choice(authTypes), {
    default: 'kubernetes',
    doc: 'Auth method of the agents.',
  }),
  vaultAuthPath: flag('vault-auth-path', mountPath, {
    default: 'auth/kubernetes',
    doc: 'Where the auth method is mounted.',
  }),
  agentImage: flag('agent-image', image, {
    default: `claviger/agent:${version}`,
    doc: 'Image of the agent containers (ours).',
  }),
  agentImagePullPolicy: flag('agent-image-pull-policy', optionalPullPolicy, {
    default: '',
    doc: 'When the nodes pull that image; empty for Kubernetes’ own choice (ours).',
  }),
  vaultImage: flag('vault-image', text, {
    default: '',
    doc: 'The same under its stock name, read where -agent-image is not given; it must be a Claviger agent.',
  }),
  cpuRequest: flag('cpu-request', quantity, { default: '10m', doc: 'CPU request of an agent.' }),
  cpuLimit: flag('cpu-limit', quantity, { default: '', doc: 'CPU limit of an agent.' }),
  memoryRequest: flag('memory-request', quantity, {
    env: 'AGENT_INJECT_MEM_REQUEST',
    default: '32Mi',
    doc: 'Memory request of an agent.',
  }),
  memoryLimit: flag('memory-limit', quantity, {
    env: 'AGENT_INJECT_MEM_LIMIT',
    default: '128Mi',
    doc: 'Memory limit of an agent.',
  }),
  ephemeralRequest: flag('ephemeral-storage-request', quantity, {
    env: 'AGENT_INJECT_EPHEMERAL_REQUEST',
    default: '',
    doc: 'Ephemeral storage request of an agent.',
  }),
  ephemeralLimit: flag('ephemeral-storage-limit', quantity, {
    env: 'AGENT_INJECT_EPHEMERAL_LIMIT',
    default: '',
    doc: 'Ephemeral storage limit of an agent.',
  }),
  vaultCaCert: flag('vault-cacert-bytes', certificates, {
    env: 'AGENT_INJECT_VAULT_CACERT_BYTES',
    default: '',
    doc: 'CA of the store, PEM or base64 of it, for pods without the annotation ca-cert.',
  }),
  vaultNamespace: fallback('vault-namespace', annotations.namespace),
  authMinBackoff: fallback('auth-min-backoff', annotations.authMinBackoff),
  authMaxBackoff: fallback('auth-max-backoff', annotations.authMaxBackoff),
  defaultTemplate: fallback('default-template', annotations.defaultTemplate),
  exitOnRetryFailure: fallback(
    'template-config-exit-on-retry-failure',
    annotations.exitOnRetryFailure,
  ),
  staticInterval: fallback('template-static-secret-render-interval', annotations.staticInterval),
  setSecurityContext: fallback('set-security-context', annotations.setSecurityContext),
  runAsUser: fallback('run-as-user', annotations.runAsUser),
  runAsGroup: fallback('run-as-group', annotations.runAsGroup),
  runAsSameUser: fallback('run-as-same-user', annotations.runAsSameUser),
  tlsCertFile: flag('tls-cert-file', text, { default: '', doc: 'Certificate to serve with, PEM.' }),
  tlsKeyFile: flag('tls-key-file', text, { default: '', doc: 'Its key, PEM.' }),
  tlsAuto: flag('tls-auto', text, {
    default: '',
    doc: 'Without certificate files: name of the MutatingWebhookConfiguration that gets the CA bundle.',
  }),
  tlsAutoHosts: flag('tls-auto-hosts', hostList, {
    default: '',
    doc: 'Names that the generated certificate is for.',
  }),
  tlsAutoSecret: flag('tls-auto-secret', requiredText('the name of a Secret'), {
    default: 'claviger-webhook-certs',
    doc: 'Secret in which the replicas keep the generated CA and certificate (ours).',
  }),
  namespace: flag('namespace', text, {
    env: 'NAMESPACE',
    default: '',
    doc: 'Namespace that the webhook runs in and keeps that Secret in; by default the one of its ServiceAccount.',
  }),
  policyFile: flag('policy-file', text, {
    default: '',
    doc: 'File with the policy that pods are judged by, read again when it changes; empty for none (ours).',
  }),
  watchNamespaces: flag('watch-namespaces', bool, {
    default: 'false',
    doc: 'Watches namespaces: for defaults in their annotations and for policies that select by label (ours).',
  }),
  drainDelay: flag('drain-delay', duration, {
    default: '0s',
    doc: 'How long to go on serving after SIGTERM, so that the endpoint disappears first (ours).',
  }),
} as const satisfies Record<string, Flag<unknown>>

const rows: readonly Flag<unknown>[] = Object.values(flags)

/** The row of that name, or undefined. */
export function findFlag(name: string): Flag<unknown> | undefined {
  return rows.find((row) => row.name === name)
}

/** Whether it stands for true by itself, as Go reads flags of yes and no. */
export function isSwitch({ kind }: Flag<unknown>): boolean {
  return kind === bool
}

/** The name that was probably meant. */
export function suggestFlag(name: string): string | undefined {
  return findNearest(
    name,
    rows.map((row) => row.name),
    3,
  )
}

/** The text of `--help`. */
export function renderHelp(): string {
  const lines = rows.map((row) => {
    const value = row.default === undefined || row.default === '' ? '' : ` (default ${row.default})`
    return `  -${row.name}=…\n      ${row.doc}${value}\n      ${row.env}`
  })
  const usage = 'usage: webhook agent-inject [flags]\n\nServes the mutating admission webhook.'
  return `${usage}\n\nFlags; a variable that is not empty beats its flag:\n${lines.join('\n')}\n`
}
