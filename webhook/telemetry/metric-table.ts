/** The table of metrics: registry, docs/webhook.md and tests derive from it. */
import { judgedSubjects, modes } from '../policy/policy.ts'

interface MetricBase {
  readonly name: string
  readonly help: string
  /** Label → all its values; `open` is bounded by `NamespaceLabels`. */
  readonly labels: Readonly<Record<string, readonly string[] | 'open'>>
}

export type Metric =
  | (MetricBase & { readonly kind: 'counter' | 'gauge' })
  | (MetricBase & { readonly kind: 'histogram'; readonly buckets: readonly number[] })

/** Why something was turned away before it was judged. */
export const shedCauses = ['connections', 'requests', 'bytes', 'deadline'] as const

/** How a request ended. */
export const results = ['injected', 'skipped', 'denied', 'refused', 'shed', 'failed'] as const
export type Result = (typeof results)[number]

/** Source: vault-k8s, the values of its label. */
export const injectionTypes = ['init_and_sidecar', 'init_only', 'sidecar_only'] as const

export const denyReasons = [
  'pod_invalid',
  'request_invalid',
  'system_namespace',
  'namespace_unknown',
  'settings_invalid',
  'address_refused',
  'policy_denied',
  'other',
] as const

/** Those that begin with vault_agent_injector_ have the names, labels and buckets of vault-k8s 1.7.6. */
export const metrics = {
  queueLength: {
    name: 'vault_agent_injector_request_queue_length',
    kind: 'gauge',
    help: 'Admission requests that are being answered.',
    labels: {},
  },
  processingTime: {
    name: 'vault_agent_injector_request_processing_duration_ms',
    kind: 'histogram',
    help: 'Milliseconds from the head of an admission request to its answer.',
    labels: {},
    buckets: [5, 10, 25, 50, 75, 100, 250, 500, 1000, 2500, 5000, 7500, 10000],
  },
  injections: {
    name: 'vault_agent_injector_injections_by_namespace_total',
    kind: 'counter',
    help: 'Pods that were injected.',
    labels: { namespace: 'open', injection_type: injectionTypes },
  },
  failedInjections: {
    name: 'vault_agent_injector_failed_injections_by_namespace_total',
    kind: 'counter',
    help: 'Pods that asked for injection and were denied.',
    labels: { namespace: 'open' },
  },
  requestSeconds: {
    name: 'claviger_webhook_request_duration_seconds',
    kind: 'histogram',
    help: 'Seconds from the head of an admission request to its answer.',
    labels: { result: results },
    buckets: [0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5],
  },
  patchOperations: {
    name: 'claviger_webhook_patch_operations',
    kind: 'histogram',
    help: 'Operations of the patch of an injected pod.',
    labels: {},
    buckets: [4, 8, 12, 16, 24, 32, 48, 64, 128],
  },
  denials: {
    name: 'claviger_webhook_denials_total',
    kind: 'counter',
    help: 'Denied pods by the reason that the audit line names.',
    labels: { reason: denyReasons },
  },
  warnings: {
    name: 'claviger_webhook_warnings_total',
    kind: 'counter',
    help: 'Admission warnings that were sent.',
    labels: {},
  },
  policyFindings: {
    name: 'claviger_webhook_policy_findings_total',
    kind: 'counter',
    help: 'What rules of the policy had to say of pods, those that only warn or audit too.',
    labels: { mode: modes, subject: judgedSubjects },
  },
  shed: {
    name: 'claviger_webhook_shed_total',
    kind: 'counter',
    help: 'Connections and requests that were turned away before they were judged.',
    labels: { cause: shedCauses },
  },
  certificateExpiry: {
    name: 'claviger_webhook_certificate_expiry_timestamp_seconds',
    kind: 'gauge',
    help: 'When the serving certificate expires.',
    labels: {},
  },
  certificateFailures: {
    name: 'claviger_webhook_certificate_failures_total',
    kind: 'counter',
    help: 'Failed checks of the serving certificate, its CA or their publication; the last good ones stay in use.',
    labels: {},
  },
  buildInfo: {
    name: 'claviger_webhook_build_info',
    kind: 'gauge',
    help: 'Always 1; the labels say what runs.',
    labels: { version: 'open', profile: 'open' },
  },
} as const satisfies Record<string, Metric>
