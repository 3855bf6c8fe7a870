import { logFormat, logLevel } from '../inject/kinds/log-kinds.ts'
import { choice, orEmpty, text } from '../inject/kinds/value-kinds.ts'
import { profiles } from '../inject/profiles.ts'
import { tlsVersions } from '../tls/options.ts'
import { type Flag, ownFlag, stockFlag } from './flag.ts'
import {
  cipherSuiteList,
  goBool,
  hostList,
  listenAddress,
  milliseconds,
  optionalListenAddress,
  stockLogFormat,
  urlPath,
} from './kinds.ts'

/** One row a flag. Source of the stock names, variables and defaults: vault-k8s 1.7.6. */
export const serverFlags = {
  listen: stockFlag('listen', listenAddress, { default: ':8080', doc: 'Address to serve on.' }),
  logLevel: stockFlag('log-level', logLevel, { default: 'info', doc: 'What is logged.' }),
  logFormat: stockFlag('log-format', logFormat, {
    default: 'json',
    doc: 'One readable line, or one JSON object a line.',
    stock: { kind: stockLogFormat, default: 'standard' },
  }),
  profile: ownFlag('profile', choice([...profiles.keys()]), {
    default: 'claviger',
    doc: 'The set of defaults for injected pods, and the way the webhook talks HTTP.',
  }),
  telemetryPath: stockFlag('telemetry-path', urlPath, {
    default: '',
    doc: 'Where the metrics are served on the port of the webhook; empty for nowhere.',
  }),
  metricsListen: ownFlag('metrics-listen', optionalListenAddress, {
    default: '',
    doc: 'Address to serve /metrics on without TLS; empty for none.',
  }),
  useLeaderElector: stockFlag('use-leader-elector', orEmpty(goBool), {
    default: 'false',
    doc: 'Taken and not needed: the replicas share one Secret and have no leader.',
    isSwitch: true,
    stock: { kind: goBool },
  }),
  tlsCertFile: stockFlag('tls-cert-file', text, {
    tag: 'short',
    default: '',
    doc: 'Certificate to serve with, PEM.',
  }),
  tlsKeyFile: stockFlag('tls-key-file', text, { tag: 'short', default: '', doc: 'Its key, PEM.' }),
  tlsCaCertFile: stockFlag('tls-ca-cert-file', text, {
    tag: 'short',
    default: '',
    doc: 'CA of that certificate, PEM; with -tls-auto it is written into the MutatingWebhookConfiguration.',
  }),
  tlsMinVersion: stockFlag('tls-min-version', choice(keysOf(tlsVersions)), {
    tag: 'short',
    default: 'tls12',
    doc: 'The oldest version of TLS that is served.',
  }),
  tlsCipherSuites: stockFlag('tls-cipher-suites', cipherSuiteList, {
    tag: 'short',
    default: '',
    doc: 'Cipher suites of TLS before 1.3 by Go’s names; empty for the defaults.',
  }),
  tlsAuto: stockFlag('tls-auto', text, {
    tag: 'short',
    default: '',
    doc: 'Name of the MutatingWebhookConfiguration that gets the CA bundle: of a generated certificate, or of -tls-ca-cert-file.',
  }),
  tlsAutoHosts: stockFlag('tls-auto-hosts', hostList, {
    tag: 'short',
    default: '',
    doc: 'Names that the generated certificate is for.',
  }),
  tlsAutoSecret: ownFlag('tls-auto-secret', text, {
    default: '',
    doc: 'Secret in which the replicas keep the generated CA and certificate; empty for the one of vault-helm, vault-injector-certs, or for memory where there is none.',
  }),
  tlsCaSettle: ownFlag('tls-ca-settle', milliseconds, {
    default: '5m',
    doc: 'How long a new CA is only published before it signs; the replicas look at their Secret at least twice in that time.',
  }),
  namespace: {
    ...ownFlag('namespace', text, {
      default: '',
      doc: 'Namespace that the webhook runs in and keeps that Secret in; by default the one of its ServiceAccount.',
    }),
    env: 'NAMESPACE',
    variables: ['NAMESPACE'],
  },
  podName: {
    ...stockFlag('pod-name', text, {
      default: '',
      doc: 'Set by vault-helm for its leader election; taken and not needed.',
    }),
    isVariable: true,
    env: 'POD_NAME',
    variables: ['POD_NAME'],
  },
  policyFile: ownFlag('policy-file', text, {
    default: '',
    doc: 'File with the policy that pods are judged by, read again when it changes; empty for none.',
  }),
  watchNamespaces: ownFlag('watch-namespaces', goBool, {
    default: 'false',
    doc: 'Watches namespaces: for defaults in their annotations and for policies that select by label.',
    isSwitch: true,
  }),
  drainDelay: ownFlag('drain-delay', milliseconds, {
    default: '0s',
    doc: 'How long to go on serving after SIGTERM, so that the endpoint disappears first.',
  }),
} as const satisfies Record<string, Flag<unknown>>

function keysOf<T extends string>(table: Readonly<Record<T, unknown>>): readonly T[] {
  // Object.keys forgets the type of a literal's keys.
  return Object.keys(table) as T[]
}
